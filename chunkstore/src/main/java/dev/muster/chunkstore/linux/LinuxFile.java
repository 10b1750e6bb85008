package dev.muster.chunkstore.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file descriptor, for what can be asked of a file besides its bytes. It is independent of any `FileChannel` on the
/// same file, and closed on `exec`.
public final class LinuxFile implements Closeable {
    private static final int EINTR = 4;
    private static final int ENXIO = 6;
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 02;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_CLOEXEC = 02000000;
    private static final int MODE = 0644;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(INT, POINTER, INT, INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FLOCK = function("flock", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle FALLOCATE =
            function("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
    private static final MethodHandle LSEEK = function("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));

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

    /// A block device that nobody else holds: while this is open, mounting it, or opening it in this way, fails.
    ///
    /// @throws LinuxException with `EBUSY` if it, or a partition of it, is mounted or held
    public static LinuxFile openExclusive(Path device) throws IOException {
        return open(device, O_RDWR | O_EXCL);
    }

    /// Takes the advisory lock of the whole file (`flock(2)`), which is given back on closing, or by the kernel
    /// when the process ends.
    ///
    /// @return false if another descriptor, of this process or another, has it
    public boolean tryLock() throws IOException {
        try {
            call("flock", FLOCK, descriptor, LOCK_EX_NB);
            return true;
        } catch (LinuxException e) {
            if (e.errno() == LinuxException.EAGAIN) {
                return false;
            }
            throw e;
        }
    }

    /// Reserves room for the first `bytes` bytes (`fallocate(2)`), which read as zeros where nothing was written.
    ///
    /// @param keepSize whether the file's size stays what it is, although the room is there
    /// @throws LinuxException with `ENOSPC`, or with `EOPNOTSUPP` where the file system cannot
    public void allocate(long bytes, boolean keepSize) throws IOException {
        call("fallocate", FALLOCATE, descriptor, keepSize ? FALLOC_FL_KEEP_SIZE : 0, 0L, bytes);
    }

    /// Gives back the room of these bytes (`fallocate(2)`), which read as zeros from then on; the size stays.
    ///
    /// @throws LinuxException with `EOPNOTSUPP` where the file system cannot
    public void punchHole(long offset, long bytes) throws IOException {
        call("fallocate", FALLOCATE, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes);
    }

    /// The first offset from `offset` on where the file has data (`lseek(2)`), or `Long.MAX_VALUE` if it has none.
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
            callOnce("close", CLOSE, descriptor);
        }
    }

    private long seek(long offset, int whence) throws LinuxException {
        try {
            return call("lseek", LSEEK, descriptor, offset, whence);
        } catch (LinuxException e) {
            if (e.errno() == ENXIO) {
                return Long.MAX_VALUE;
            }
            throw e;
        }
    }

    private static LinuxFile open(Path file, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toString());
            return new LinuxFile((int) call("open " + file, OPEN, name, flags | O_CLOEXEC, MODE));
        }
    }

    // The types are those of the manual pages.
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        List<Linker.Option> all = new ArrayList<>(List.of(options));
        all.add(Linker.Option.captureCallState("errno"));
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all.toArray(Linker.Option[]::new));
    }

    private static long call(String what, MethodHandle function, Object... arguments) throws LinuxException {
        while (true) {
            try {
                return callOnce(what, function, arguments);
            } catch (LinuxException e) {
                if (e.errno() != EINTR) {
                    throw e;
                }
            }
        }
    }

    private static long callOnce(String what, MethodHandle function, Object... arguments) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.addFirst(state);
            long result = invoke(function, all);
            if (result == -1) {
                throw new LinuxException(what, (int) ERRNO.get(state, 0L));
            }
            return result;
        }
    }

    // A method handle may throw anything; a downcall with arguments of the right types throws nothing.
    private static long invoke(MethodHandle function, List<Object> arguments) {
        try {
            return ((Number) function.invokeWithArguments(arguments)).longValue();
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library with arguments of the wrong type", e);
        }
    }
}
