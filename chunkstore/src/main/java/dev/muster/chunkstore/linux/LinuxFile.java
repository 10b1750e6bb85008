package dev.muster.chunkstore.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A file descriptor, for what can be asked of a file besides its bytes. It is independent of any
/// `FileChannel` on the same file, and closed on `exec`. What can be done without is asked for by
/// [RangeCalls].
public final class LinuxFile implements Closeable {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 02;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_CLOEXEC = 02000000;
    /// The one number that is not the same everywhere.
    private static final int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0200000 : 040000;
    private static final int MODE = 0644;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final long FLOCK_BYTES = 32;
    private static final int FALLOC_FL_KEEP_SIZE = 0x01;
    private static final int FALLOC_FL_PUNCH_HOLE = 0x02;
    private static final int FALLOC_FL_ZERO_RANGE = 0x10;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final long FICLONERANGE = 0x4020940DL;
    private static final int FADV_DONTNEED = 4;
    /// `SYNC_FILE_RANGE_WAIT_BEFORE | WRITE | WAIT_AFTER`.
    private static final int SYNC_RANGE = 1 | 2 | 4;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final MethodHandle OPEN =
            CLibrary.function("open", FunctionDescriptor.of(INT, POINTER, INT, INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = CLibrary.function("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FLOCK = CLibrary.function("flock", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle FCNTL = CLibrary.function(
            "fcntl", FunctionDescriptor.of(INT, INT, INT, POINTER), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FALLOCATE =
            CLibrary.function("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
    private static final MethodHandle LSEEK = CLibrary.function("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));
    private static final MethodHandle IOCTL = CLibrary.function(
            "ioctl", FunctionDescriptor.of(INT, INT, LONG, POINTER), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FADVISE =
            CLibrary.function("posix_fadvise", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
    private static final MethodHandle SYNC_FILE_RANGE =
            CLibrary.function("sync_file_range", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));

    private static final MethodHandle PREAD =
            CLibrary.function("pread", FunctionDescriptor.of(LONG, INT, POINTER, LONG, LONG));
    private static final MethodHandle PWRITE =
            CLibrary.function("pwrite", FunctionDescriptor.of(LONG, INT, POINTER, LONG, LONG));

    private final int descriptor;
    private boolean closed;

    private LinuxFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /// An existing file, for reading and writing.
    public static LinuxFile open(Path file) throws IOException {
        return open(file, O_RDWR);
    }

    /// An existing file, for reading.
    public static LinuxFile openToRead(Path file) throws IOException {
        return open(file, O_RDONLY);
    }

    /// An existing file, for reading and writing; it is made (mode 0644) if there is none.
    public static LinuxFile openOrCreate(Path file) throws IOException {
        return open(file, O_RDWR | O_CREAT);
    }

    /// A block device that nobody else holds: while this is open, mounting it, or opening it in this way,
    /// fails.
    ///
    /// @throws LinuxException with `EBUSY` if it, or a partition of it, is mounted or held
    public static LinuxFile openExclusive(Path device) throws IOException {
        return open(device, O_RDWR | O_EXCL);
    }

    /// An existing file, around the page cache (`O_DIRECT`): memory, offset and length of what is read and
    /// written must be multiples of the medium's blocks; 4 KiB are on nearly all.
    ///
    /// @throws LinuxException with `EINVAL` where the file system cannot
    public static LinuxFile openDirect(Path file, boolean write) throws IOException {
        return open(file, O_DIRECT | (write ? O_RDWR : O_RDONLY));
    }

    /// Reads some of what lies at `offset` to the position of a buffer outside the heap, and moves it on
    /// (`pread(2)`).
    ///
    /// @return how many bytes; 0 at the end of the file
    public int read(ByteBuffer out, long offset) throws IOException {
        return transfer("pread", PREAD, out, offset);
    }

    /// Writes some of a buffer outside the heap, from its position on, and moves it on (`pwrite(2)`).
    public int write(ByteBuffer bytes, long offset) throws IOException {
        return transfer("pwrite", PWRITE, bytes, offset);
    }

    /// Takes the advisory locks of the whole file, of both kinds that Linux has: `flock(2)`, and `F_OFD_SETLK`
    /// of `fcntl(2)`, by which virtual machines lock their disks. They are given back on closing, or by the
    /// kernel when the process ends. Unless this has both, it is closed, so that it has neither.
    ///
    /// @return false if another descriptor, of this process or another, has one of them
    /// @throws LinuxException where the file system has no such locks
    public boolean tryLock() throws IOException {
        boolean locked = false;
        try (Arena arena = Arena.ofConfined()) {
            // struct flock: a write lock from the start, of length 0: to the end, wherever that is.
            MemorySegment whole = arena.allocate(FLOCK_BYTES, Long.BYTES);
            whole.set(ValueLayout.JAVA_SHORT, 0, F_WRLCK);
            CLibrary.call("flock", FLOCK, descriptor, LOCK_EX_NB);
            CLibrary.call("fcntl F_OFD_SETLK", FCNTL, descriptor, F_OFD_SETLK, whole);
            locked = true;
            return true;
        } catch (LinuxException e) {
            if (e.errno() == LinuxException.EAGAIN || e.errno() == LinuxException.EACCES) {
                return false;
            }
            throw e;
        } finally {
            if (!locked) {
                close();
            }
        }
    }

    /// Reserves room for the first `bytes` bytes (`fallocate(2)`), which read as zeros where nothing was
    /// written.
    ///
    /// @param keepSize whether the file's size stays what it is, although the room is there
    /// @throws LinuxException with `ENOSPC`, or with `EOPNOTSUPP` where the file system cannot
    public void allocate(long bytes, boolean keepSize) throws IOException {
        fallocate(keepSize ? FALLOC_FL_KEEP_SIZE : 0, 0, bytes);
    }

    /// Gives back the room of these bytes (`fallocate(2)`), which read as zeros from then on; the size stays.
    /// A block device discards them, if it reads them as zeros then.
    ///
    /// @throws LinuxException with `EOPNOTSUPP` where the file system or device cannot
    public void punchHole(long offset, long bytes) throws IOException {
        fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes);
    }

    /// Makes these bytes read as zeros (`fallocate(2)`), and keeps their room; the size stays.
    ///
    /// @throws LinuxException with `EOPNOTSUPP` where the file system cannot
    public void zeroRange(long offset, long bytes) throws IOException {
        fallocate(FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, offset, bytes);
    }

    /// Lets bytes of this file be those of another (`FICLONERANGE`, `ioctl_ficlonerange(2)`), without moving
    /// any: the two share them until either is written to. Both offsets are multiples of the file system's
    /// blocks; so is the length, unless the source ends there.
    ///
    /// @param bytes at least 1: for the kernel, 0 would mean everything up to the end
    /// @throws LinuxException for which [LinuxException#isUnsupported] where these two files cannot
    public void cloneFrom(LinuxFile source, long from, long bytes, long offset) throws IOException {
        if (bytes < 1) {
            throw new IllegalArgumentException("at least a byte is cloned, not " + bytes);
        }
        try (Arena arena = Arena.ofConfined()) {
            // struct file_clone_range: source's descriptor, its offset, length, offset here.
            MemorySegment range = arena.allocateFrom(LONG, source.descriptor, from, bytes, offset);
            CLibrary.call("ioctl FICLONERANGE", IOCTL, descriptor, FICLONERANGE, range);
        }
    }

    /// Writes these bytes to the medium and waits (`sync_file_range(2)`). No `fsync`: what it promises is
    /// only that one has less to do.
    public void writeBack(long offset, long bytes) throws IOException {
        CLibrary.call("sync_file_range", SYNC_FILE_RANGE, descriptor, offset, bytes, SYNC_RANGE);
    }

    /// Has the kernel forget what it has in memory of these bytes and has written (`posix_fadvise(2)`), so
    /// that they are read from the medium next. An advice: it may do nothing.
    public void forget(long offset, long bytes) throws IOException {
        // It returns an error's number, and never -1.
        CLibrary.call("posix_fadvise", FADVISE, descriptor, offset, bytes, FADV_DONTNEED);
    }

    /// The first offset from `offset` on where the file has data (`lseek(2)`), or `Long.MAX_VALUE` if it has
    /// none.
    ///
    /// @throws LinuxException where the file system cannot tell
    public long nextData(long offset) throws IOException {
        return seek(offset, SEEK_DATA);
    }

    /// The first offset from `offset` on where the file has a hole, which its end is too, or `Long.MAX_VALUE`.
    ///
    /// @throws LinuxException where the file system cannot tell
    public long nextHole(long offset) throws IOException {
        return seek(offset, SEEK_HOLE);
    }

    /// The same file's name under `/proc`, whatever it is called by now.
    public Path procPath() {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            // Once only: after an interruption the number may be another file's already.
            CLibrary.callOnce("close", CLOSE, descriptor);
        }
    }

    private int transfer(String name, MethodHandle function, ByteBuffer buffer, long offset) throws LinuxException {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("the kernel does not reach into the heap");
        }
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        int bytes = (int) CLibrary.call(name, function, descriptor, memory, (long) buffer.remaining(), offset);
        buffer.position(buffer.position() + bytes);
        return bytes;
    }

    private void fallocate(int mode, long offset, long bytes) throws LinuxException {
        CLibrary.call("fallocate", FALLOCATE, descriptor, mode, offset, bytes);
    }

    private long seek(long offset, int whence) throws LinuxException {
        try {
            return CLibrary.call("lseek", LSEEK, descriptor, offset, whence);
        } catch (LinuxException e) {
            if (e.errno() == LinuxException.ENXIO) {
                return Long.MAX_VALUE;
            }
            throw e;
        }
    }

    private static LinuxFile open(Path file, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toString());
            return new LinuxFile((int) CLibrary.call("open " + file, OPEN, name, flags | O_CLOEXEC, MODE));
        }
    }
}
