package dev.muster.chunkstore.image;

import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

final class Qcow2FuzzTest implements Fuzzed {
    private static final int CLUSTER_BITS = 9;
    private static final long LENGTH = 64 << CLUSTER_BITS;

    /// Both caches, and what lies in the file.
    private static final long ALLOCATED_BYTES_MAX = 64 << 20;

    private final ByteBuffer block = ByteBuffer.allocate(1 << CLUSTER_BITS);

    @Override
    public List<Fuzzing> targets() throws IOException {
        Path file = Fuzzed.scratch().resolve("image.qcow2");
        List<byte[]> seeds = new ArrayList<>();
        for (int version = 2; version <= 3; version++) {
            byte[] cluster = new byte[1 << CLUSTER_BITS];
            ByteBuffer bytes = new Qcow2Fixture(version, CLUSTER_BITS, LENGTH, version == 3)
                    .plain(1, cluster)
                    .packed(2, cluster, version == 3)
                    .file();
            byte[] seed = new byte[bytes.remaining()];
            bytes.get(seed);
            seeds.add(seed);
        }
        Fuzzing images = Fuzzing.of("qcow2", seeds, bytes -> {
            Files.write(file, bytes);
            read(file);
        });
        return List.of(images.allowing(ALLOCATED_BYTES_MAX));
    }

    private void read(Path file) throws IOException {
        try (DiskImage image = DiskImage.open(file)) {
            long end = Math.min(image.shape().length(), LENGTH);
            for (long at = 0; at + block.capacity() <= end; at += block.capacity()) {
                image.run(at);
                image.read(at, block.clear());
            }
        }
    }
}
