package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
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
import java.util.Optional;

/// A file that is written beside its place, as `<name>.part`, sparse, and moved there when it is whole and
/// durable. So there is the old file, or none, or the new one, and never a part of it; and the old one can be
/// read until then.
///
/// Where the file system can, the part begins as a clone of the old file, so that only what is wrong is
/// written. If nothing is written at all, the old file stays what it is.
final class FileTarget implements Target {
    private final Path path;
    private final Path part;
    private final TargetChannel channel;
    private final FormerFile former;
    private final long length;
    private volatile boolean touched;
    private boolean committed;

    private FileTarget(Path path, Path part, TargetChannel channel, FormerFile former, long length) {
        this.path = path;
        this.part = part;
        this.channel = channel;
        this.former = former;
        this.length = length;
    }

    /// @param seed what to begin as, if there is nothing to replace
    static FileTarget open(Path path, long length, Optional<Path> seed, RangeCalls calls) throws IOException {
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new TargetRefused("target " + path + ": expected a directory to write to, found none");
        }
        Path part = path.resolveSibling(path.getFileName() + ".part");
        LinuxFile lock = lock(path, part);
        try {
            return open(path, part, length, seed, lock, calls);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            lock.close();
            throw new TargetRefused(
                    "target " + path + ": expected a file of " + length + " bytes, found: " + e.getMessage(), e);
        }
    }

    private static FileTarget open(
            Path path, Path part, long length, Optional<Path> seed, LinuxFile lock, RangeCalls calls)
            throws IOException {
        Path from = Files.exists(path) ? path : seed.orElse(path);
        try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
            file.setLength(length);
            file.setLength(0);
            if (Files.exists(from)) {
                // Before there is anything in it that not all may read.
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(from));
            }
            FormerFile former = FormerFile.open(from, length, lock, from.equals(path), calls);
            file.setLength(length);
            TargetChannel channel =
                    TargetChannel.open(part, lock, calls, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new FileTarget(path, part, channel, former, length);
        }
    }

    @Override
    public Content content() {
        return former.content();
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
        reading().read(out, at);
    }

    @Override
    public long holeBytes(long at) throws IOException {
        return reading().holeBytes(at);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
        touched = true;
        channel.write(bytes, at);
    }

    @Override
    public void zero(long at, long bytes, boolean discard) throws IOException {
        touched = true;
        if (former.content() == Content.OWN && !channel.punch(at, bytes)) {
            channel.zero(at, bytes);
        }
    }

    @Override
    public boolean share(LinuxFile source, long from, long bytes, long at) throws IOException {
        touched = true;
        return channel.share(source, from, bytes, at);
    }

    @Override
    public boolean sharing(Path source, Sharing known) {
        return known.works(source, part.resolveSibling(""), channel.calls());
    }

    @Override
    public void flush(Progress progress) throws IOException {
        (isFormerRight() ? former.channel().orElse(channel) : channel).flush(length, progress);
    }

    @Override
    public void forget() throws IOException {
        (isFormerRight() ? former.channel().orElse(channel) : channel).forget();
    }

    @Override
    public void commit() throws IOException {
        if (isFormerRight()) {
            return;
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        committed = true;
        try (FileChannel directory = FileChannel.open(path.resolveSibling(""), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel;
                former) {
            if (!committed) {
                Files.deleteIfExists(part);
            }
        }
    }

    /// Nothing had to be written, and its length is right.
    private boolean isFormerRight() {
        return !touched && former.mayStay();
    }

    private TargetChannel reading() {
        return former.content() == Content.FORMER && !touched ? former.channel().orElse(channel) : channel;
    }

    /// Two that write to one target at once would ruin each other's part. The lock is the file's, not the
    /// name's, so the name is checked again once it is held: who had it before may have moved the file into
    /// place.
    private static LinuxFile lock(Path path, Path part) throws IOException {
        LinuxFile lock;
        try {
            lock = LinuxFile.openOrCreate(part);
        } catch (IOException e) {
            throw new TargetRefused("target " + path + ": expected to write beside it, found: " + e.getMessage(), e);
        }
        try {
            if (lock.tryLock()
                    && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
                    && Objects.equals(inode(part), inode(lock.procPath()))) {
                return lock;
            }
        } catch (IOException e) {
            lock.close();
            throw new TargetRefused("target " + path + ": expected to lock the file beside it: " + e.getMessage(), e);
        }
        lock.close();
        throw new TargetRefused("target " + path + ": expected nobody to write to it, found another who does");
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
