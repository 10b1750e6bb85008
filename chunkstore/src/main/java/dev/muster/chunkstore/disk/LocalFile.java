package dev.muster.chunkstore.disk;

import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A file that outlives the interruption of a thread that uses it.
///
/// A `FileChannel` closes itself, for everybody, when a thread is interrupted inside of it. Everything here is
/// done at a given position, so it can simply be done again on a new channel; the thread stays interrupted.
final class LocalFile implements DiskFile {
    private final Path file;
    private final StandardOpenOption[] options;

    /// What the file is besides its name: device and inode.
    private final Object key;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile FileChannel channel;
    private volatile boolean closed;

    /// The same file, from the first hole on: a collection makes thousands.
    private @Nullable LinuxFile punching;

    LocalFile(Path file) throws IOException {
        this(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    LocalFile(Path file, StandardOpenOption... options) throws IOException {
        this.file = file;
        this.options = options;
        this.channel = FileChannel.open(file, options);
        this.key = key(file);
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public boolean isAt(Path name) {
        try {
            return key.equals(key(name));
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void read(ByteBuffer out, long at) throws IOException {
        int start = out.position();
        again(open -> {
            out.position(start);
            while (out.hasRemaining()) {
                if (open.read(out, at + out.position() - start) < 0) {
                    throw new EOFException(file + ": expected " + (out.limit() - start) + " bytes at " + at
                            + ", found the end after " + (out.position() - start));
                }
            }
            return out;
        });
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
        again(open -> {
            ByteBuffer left = bytes.duplicate();
            while (left.hasRemaining()) {
                open.write(left, at + left.position() - bytes.position());
            }
            return left;
        });
    }

    @Override
    public void allocate(long bytes, boolean keepSize) throws IOException {
        try (LinuxFile linux = LinuxFile.open(file)) {
            linux.allocate(bytes, keepSize);
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.EOPNOTSUPP) {
                throw e;
            }
        }
    }

    @Override
    public boolean punch(long at, long bytes) throws IOException {
        try {
            punching().punchHole(at, bytes);
            return true;
        } catch (LinuxException e) {
            // A block device that is claimed, by us perhaps, is busy while pages of it are not written.
            if (e.errno() != LinuxException.EOPNOTSUPP && e.errno() != LinuxException.EBUSY) {
                throw e;
            }
            return false;
        }
    }

    private LinuxFile punching() throws IOException {
        lock.lock();
        try {
            if (punching == null) {
                punching = LinuxFile.open(file);
            }
            return punching;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void force() throws IOException {
        again(open -> {
            open.force(false);
            return open;
        });
    }

    @Override
    public long size() throws IOException {
        return again(FileChannel::size);
    }

    @Override
    public void truncate(long bytes) throws IOException {
        again(open -> open.truncate(bytes));
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            channel.close();
            if (punching != null) {
                punching.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T again(Operation<T> operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    return operation.on(open);
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    boolean _ = Thread.interrupted();
                    reopen(e);
                } catch (ClosedChannelException e) {
                    reopen(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reopen(ClosedChannelException why) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw why;
            }
            if (!isAt(file)) {
                throw new NoSuchFileException(file.toString(), null, "another file has its name, or none");
            }
            if (!channel.isOpen()) {
                channel = FileChannel.open(file, options);
            }
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Operation<T> {
        T on(FileChannel open) throws IOException;
    }
}
