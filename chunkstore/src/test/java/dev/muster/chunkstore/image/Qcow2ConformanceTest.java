package dev.muster.chunkstore.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Tool;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `qemu-img` writes reads as what `qemu-img` reads.
class Qcow2ConformanceTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=0.10,cluster_size=4k",
                "compat=0.10,cluster_size=64k",
                "compat=1.1,cluster_size=512",
                "compat=1.1,cluster_size=4k",
                "compat=1.1,cluster_size=64k",
                "compat=1.1,cluster_size=2M",
                "compat=1.1,lazy_refcounts=on",
                "compat=1.1,preallocation=metadata",
                "compat=1.1,preallocation=falloc",
                "compat=1.1,preallocation=full"
            })
    void whatQemuConvertsReadsEqual(String options) throws IOException {
        Tool qemuImg = Tool.assume("qemu-img");
        Path raw = raw();
        Path file = folder.resolve("disk.qcow2");
        qemuImg.run("convert", "-f", "raw", "-O", "qcow2", "-o", options, raw, file);

        assertReadsAsQemuReads(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=0.10,cluster_size=4k",
                "compat=1.1,cluster_size=512",
                "compat=1.1,cluster_size=4k",
                "compat=1.1,cluster_size=64k",
                "compat=1.1,cluster_size=2M",
                "compat=1.1,cluster_size=4k,compression_type=zstd",
                "compat=1.1,cluster_size=64k,compression_type=zstd",
                "compat=1.1,cluster_size=2M,compression_type=zstd"
            })
    void whatQemuCompressesReadsEqual(String options) throws IOException {
        Tool qemuImg = Tool.assume("qemu-img");
        Path file = folder.resolve("disk.qcow2");
        qemuImg.run("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, raw(), file);

        assertReadsAsQemuReads(file);
        try (DiskImage image = DiskImage.open(file)) {
            assertTrue(image.shape().recipe() instanceof Recipe.Qcow2(int _, int _, boolean compressed) && compressed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=0.10", "compat=1.1,cluster_size=4k", "compat=1.1,cluster_size=64k"})
    void writesDiscardsAndZerosReadEqual(String options) throws IOException {
        Tool qemuImg = Tool.assume("qemu-img");
        Tool qemuIo = Tool.assume("qemu-io");
        Path file = folder.resolve("disk.qcow2");
        qemuImg.run("create", "-f", "qcow2", "-o", options, file, "10000384");
        qemuIo.run(
                "-f",
                "qcow2",
                "-d",
                "unmap",
                "-c",
                "write -P 17 0 1M",
                "-c",
                "write -P 18 3M 512",
                "-c",
                "write -P 19 9999872 512",
                "-c",
                "write -z 256k 128k",
                "-c",
                "write -z -u 512k 64k",
                "-c",
                "write -z 5M 1M",
                "-c",
                "discard 768k 64k",
                "-c",
                "write -c -P 20 6M 64k",
                file);

        assertReadsAsQemuReads(file);
    }

    @Test
    void onlyTheActiveLayerOfAFileWithSnapshotsIsRead() throws IOException {
        Tool qemuImg = Tool.assume("qemu-img");
        Tool qemuIo = Tool.assume("qemu-io");
        Path file = folder.resolve("disk.qcow2");
        qemuImg.run("create", "-f", "qcow2", file, "4M");
        qemuIo.run("-f", "qcow2", "-c", "write -P 1 0 2M", file);
        qemuImg.run("snapshot", "-c", "before", file);
        qemuIo.run("-f", "qcow2", "-c", "write -P 2 1M 64k", "-c", "discard 0 64k", file);

        assertReadsAsQemuReads(file);
    }

    private void assertReadsAsQemuReads(Path file) throws IOException {
        Path back = folder.resolve("back.raw");
        Tool.assume("qemu-img").run("convert", "-f", "qcow2", "-O", "raw", file, back);
        try (DiskImage image = DiskImage.open(file)) {
            assertEquals(Files.size(back), image.shape().length());
            assertEquals(ByteBuffer.wrap(Files.readAllBytes(back)), ImageBytes.read(image));
        }
    }

    /// Data, zeros and holes, and an end that is no multiple of a cluster.
    private Path raw() throws IOException {
        Path raw = folder.resolve("disk.raw");
        ByteBuffer disk = ImageFixture.disk(new SplittableRandom(7), 700);
        try (FileChannel file = FileChannel.open(
                raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            file.write(disk.slice(0, 300 * 4096), 0);
            file.write(disk.slice(300 * 4096, 400 * 4096 - 512), 5 << 20);
        }
        return raw;
    }
}
