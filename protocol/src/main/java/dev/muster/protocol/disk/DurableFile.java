package dev.muster.protocol.disk;

import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/// Whole small files, replaced atomically and on the disk before a call returns: see this package's documentation.
public final class DurableFile {
    private static final String SECRET = "rw-------";
    private static final String PLAIN = "rw-r--r--";
    private static final String TEMPORARY = ".partial";

    private DurableFile() {}

    /// Replaces the file by `bytes`.
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, bytes, PLAIN);
    }

    /// Replaces the file by `bytes`, which nobody but the owner may read, not even while they are written.
    public static void writeSecret(Path file, byte[] bytes) throws IOException {
        write(file, bytes, SECRET);
    }

    /// All bytes of a file that must not have more than `bytesMax`.
    public static byte[] read(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new Corrupt(file + ": expected at most " + bytesMax + " bytes, found more");
            }
            return bytes;
        }
    }

    /// Deletes the file, if it is there, so that it stays deleted.
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            force(directoryOf(file));
        }
    }

    /// Makes the directory and those above it, for the owner's eyes only where `secret`.
    public static void createDirectory(Path directory, boolean secret) throws IOException {
        String mode = secret ? "rwx------" : "rwxr-xr-x";
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        force(directoryOf(directory));
    }

    /// Whether `file` is what a write that was cut off left behind.
    public static boolean isPartial(Path file) {
        return directoryOf(file).relativize(file.toAbsolutePath()).toString().endsWith(TEMPORARY);
    }

    private static void write(Path file, byte[] bytes, String mode) throws IOException {
        Path directory = directoryOf(file);
        Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
        try {
            try (FileChannel out = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(directory);
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        return parent;
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
