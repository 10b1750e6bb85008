package dev.muster.ops.drill;

import dev.muster.bench.image.Ext4;
import dev.muster.bench.image.FileTree;
import dev.muster.bench.image.SomeBytes;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// Two related disk images of about 256 MiB: an ext4 file system with files of this machine, and the same
/// rebuilt after an update that replaced a few of them. Where there is no `mke2fs`, two disks composed of
/// seeded data with the same kind of difference.
final class DrillImages {
    private static final long DISK_BYTES = 256L << 20;
    private static final long FILES_BYTES = 190L << 20;
    private static final int REPLACED_PERCENT = 4;

    private final Path directory;
    private final Random random = new Random(20_26);

    DrillImages(Path directory) {
        this.directory = directory;
    }

    /// Both images, and how they were made.
    record Pair(Path first, Path next, String origin) {}

    Pair make() throws IOException, InterruptedException {
        Path first = directory.resolve("v1.img");
        Path next = directory.resolve("v2.img");
        Path tree = Files.createDirectories(directory.resolve("tree"));
        try {
            if (Ext4.isPossible() && makeFileSystems(tree, first, next)) {
                return new Pair(first, next, "ext4 of files of this machine");
            }
        } finally {
            FileTree.delete(tree);
        }
        compose(first, next);
        return new Pair(first, next, "composed of seeded data");
    }

    /// What an update does: some files are replaced by others of about their size, one goes, one comes.
    ///
    /// @return false if this machine's files will not do
    private boolean makeFileSystems(Path directory, Path first, Path next) throws IOException, InterruptedException {
        FileTree tree;
        try {
            tree = FileTree.copy(directory, FILES_BYTES);
        } catch (UncheckedIOException _) {
            return false; // A folder may not be read.
        }
        if (tree.bytes() < FILES_BYTES) {
            return false;
        }
        Ext4.make(directory, first, DISK_BYTES);
        tree.replaceSome(REPLACED_PERCENT, random);
        Files.delete(tree.files().getFirst());
        Files.write(directory.resolve("d0/new"), SomeBytes.mixed(random, 300_000));
        Ext4.make(directory, next, DISK_BYTES);
        return true;
    }

    /// Noise and text with zeros between them; in the next version some runs are new, and all that follow one have
    /// moved.
    private void compose(Path first, Path next) throws IOException {
        try (FileChannel one = create(first);
                FileChannel two = create(next)) {
            long at = 0;
            long moved = 0;
            while (at + (2 << 20) < DISK_BYTES * 3 / 4) {
                byte[] run = SomeBytes.mixed(random, Block.BYTES * (1 + random.nextInt(256)));
                write(one, run, at);
                if (random.nextInt(100) < REPLACED_PERCENT) {
                    run = SomeBytes.mixed(random, run.length);
                    moved += Block.BYTES;
                }
                write(two, run, at + moved);
                at += run.length + (random.nextInt(3) == 0 ? Block.BYTES * 64L : 0);
            }
        }
    }

    private static FileChannel create(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
        return FileChannel.open(image, StandardOpenOption.WRITE);
    }

    private static void write(FileChannel channel, byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            int _ = channel.write(buffer, at + buffer.position());
        }
    }

    /// Whether two files have the same bytes.
    static boolean same(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other) && Files.mismatch(one, other) < 0;
    }
}
