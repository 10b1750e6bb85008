package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.protocol.MusterException.TargetRefused;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// A file that is written beside its place, as `<name>.part`, sparse, and moved there when it is whole and durable. So
/// there is the old file, or none, or the new one, and never a part of it; and the old one can be read until then.
final class FileTarget implements Target {
    private final Path path;
    private final Path part;
    private final LinuxFile lock;
    private final TargetChannel channel;
    private boolean committed;

    private FileTarget(Path path, Path part, LinuxFile lock, TargetChannel channel) {
        this.path = path;
        this.part = part;
        this.lock = lock;
        this.channel = channel;
    }

    static FileTarget open(Path path, long length) throws IOException {
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new TargetRefused("target " + path + ": expected a directory to write to, found none");
        }
        boolean replaces = Files.exists(path);
        if (replaces && !Files.isRegularFile(path)) {
            throw new TargetRefused("target " + path + ": expected a file or block device, found something else");
        }
        Path part = path.resolveSibling(path.getFileName() + ".part");
        LinuxFile lock = lock(path, part);
        try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
            file.setLength(0);
            file.setLength(length);
            if (replaces) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(path));
            }
            TargetChannel channel = TargetChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new FileTarget(path, part, lock, channel);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            lock.close();
            throw new TargetRefused(
                    "target " + path + ": expected a file of " + length + " bytes, found: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isBlank() {
        return true;
    }

    @Override
    public void reserve(long bytes) throws IOException {
        long free = Files.getFileStore(part).getUsableSpace();
        if (free < bytes) {
            throw new TargetRefused("target " + path + ": expected room for " + bytes + " bytes, found " + free);
        }
    }

    @Override
    public void read(ByteBuffer out, long at) throws IOException {
        channel.read(out, at);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
        channel.write(bytes, at);
    }

    @Override
    public void commit() throws IOException {
        channel.force();
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        committed = true;
        try (FileChannel directory = FileChannel.open(path.resolveSibling(""), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock;
                channel) {
            if (!committed) {
                Files.deleteIfExists(part);
            }
        }
    }

    /// Two that write to one target at once would ruin each other's part. The lock is the file's, not the name's,
    /// so the name is checked again once it is held: who had it before may have moved the file into place.
    private static LinuxFile lock(Path path, Path part) throws IOException {
        LinuxFile lock;
        try {
            lock = LinuxFile.openOrCreate(part);
        } catch (IOException e) {
            throw new TargetRefused("target " + path + ": expected to write beside it, found: " + e.getMessage(), e);
        }
        if (lock.tryLock()
                && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
                && Objects.equals(inode(part), inode(lock.procPath()))) {
            return lock;
        }
        lock.close();
        throw new TargetRefused("target " + path + ": expected nobody to write to it, found another who does");
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
