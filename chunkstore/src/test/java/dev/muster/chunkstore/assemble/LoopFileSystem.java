package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.chunkstore.Tool;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system of its own kind on a file, for tests of what only some can; without root, or a program to
/// make it, they are skipped and say so.
final class LoopFileSystem implements Closeable {
    private final Path root;

    private LoopFileSystem(Path root) {
        this.root = root;
    }

    /// @param kind `xfs` or `btrfs`
    /// @param dir where its file and its mount point go
    static LoopFileSystem mount(String kind, Path dir, long bytes) throws IOException {
        Path file = dir.resolve(kind + ".img");
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.setLength(bytes);
        }
        String _ = Tool.assume("mkfs." + kind).run("-q", file);
        Path root = Files.createDirectory(dir.resolve(kind));
        assumeTrue(
                LoopDevice.run("mount", "-o", "loop", file.toString(), root.toString()), "needs root to mount " + kind);
        return new LoopFileSystem(root);
    }

    Path root() {
        return root;
    }

    /// How many bytes of it are taken, once all is written.
    long usedBytes() throws IOException {
        assertTrue(LoopDevice.run("sync", "-f", root.toString()));
        return Files.getFileStore(root).getTotalSpace()
                - Files.getFileStore(root).getUnallocatedSpace();
    }

    @Override
    public void close() throws IOException {
        assertTrue(LoopDevice.run("umount", root.toString()), "umount " + root);
    }
}
