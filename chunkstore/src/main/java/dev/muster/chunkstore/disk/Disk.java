package dev.muster.chunkstore.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Everything that the store asks of a file system, and nothing else, so that a disk that fails or loses power can
/// stand in for it.
///
/// What was written is safe only after [DiskFile#force]; that a file has a name, a new name, or none any more, only
/// after [#forceDirectory].
public interface Disk {
    /// Opens an existing file for reading and writing.
    DiskFile open(Path file) throws IOException;

    /// Makes an empty file, in place of any that is there, and opens it.
    DiskFile create(Path file) throws IOException;

    boolean exists(Path file);

    /// The names in a directory, sorted.
    List<String> list(Path directory) throws IOException;

    /// Makes a directory, and those above it, where there are none, durably.
    void makeDirectory(Path directory) throws IOException;

    /// Gives a file another name in the same directory, in place of any that has it, atomically.
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    void forceDirectory(Path directory) throws IOException;

    /// How many bytes can still be written under `directory`.
    long freeBytes(Path directory) throws IOException;

    /// Puts a whole file in place: after a crash there is the old one, or none, or the new one, and never a part.
    default void replace(Path file, byte[] bytes) throws IOException {
        replace(file, out -> out.write(ByteBuffer.wrap(bytes), 0));
    }

    /// As the other. A part that failed is deleted: the disk may be full.
    default void replace(Path file, Writing writing) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + PART);
        try {
            try (DiskFile out = create(part)) {
                writing.to(out);
                out.force();
            }
            rename(part, file);
        } catch (IOException e) {
            try {
                delete(part);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        forceDirectory(file.resolveSibling(""));
    }

    /// Writes a whole file.
    @FunctionalInterface
    interface Writing {
        void to(DiskFile file) throws IOException;
    }

    /// The whole of a file. Of one that is longer than `max` bytes only `max + 1` are read, so that it passes no
    /// check.
    default byte[] read(Path file, int max) throws IOException {
        try (DiskFile in = open(file)) {
            byte[] bytes = new byte[(int) Math.min(in.size(), max + 1L)];
            in.read(ByteBuffer.wrap(bytes), 0);
            return bytes;
        }
    }

    /// How the name of a file ends that is not whole yet.
    String PART = "~part";
}
