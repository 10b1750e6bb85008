package dev.muster.chunkstore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/// Holes as Linux knows them: `lseek` with `SEEK_DATA` and `SEEK_HOLE`, see lseek(2). It has a file descriptor of its
/// own, since those of the JDK are out of reach. Wherever the kernel cannot tell, there may be data.
final class SeekHoles implements Holes {
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private final Seek seek;
    private final Close close;
    private final int descriptor;

    private SeekHoles(Seek seek, Close close, int descriptor) {
        this.seek = seek;
        this.close = close;
        this.descriptor = descriptor;
    }

    /// The C library's open(2).
    public interface Open {
        int call(MemorySegment path, int flags);
    }

    /// The C library's lseek(2).
    public interface Seek {
        long call(MemorySegment state, int descriptor, long offset, int whence);
    }

    /// The C library's close(2).
    public interface Close {
        int call(int descriptor);
    }

    /// The holes of a regular file, or [Holes#UNKNOWN] where this system cannot tell.
    static Holes of(Path path) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return UNKNOWN;
        }
        Open open = link(
                Open.class,
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        Seek seek = link(
                Seek.class,
                "lseek",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
        Close close = link(Close.class, "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = open.call(arena.allocateFrom(path.toString()), O_CLOEXEC);
            return descriptor < 0 ? UNKNOWN : new SeekHoles(seek, close, descriptor);
        }
    }

    @Override
    public long nextData(long offset) {
        return seek(offset, SEEK_DATA, offset);
    }

    @Override
    public long nextHole(long offset) {
        return seek(offset, SEEK_HOLE, Long.MAX_VALUE);
    }

    @Override
    public void close() {
        close.call(descriptor);
    }

    private long seek(long offset, int whence, long unknown) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long found = seek.call(state, descriptor, offset, whence);
            if (found >= 0) {
                return found;
            }
            return (int) ERRNO.get(state, 0L) == ENXIO ? Long.MAX_VALUE : unknown;
        }
    }

    // Calling C is what this class is for; the launcher allows it by --enable-native-access.
    @SuppressWarnings("restricted")
    private static <T> T link(Class<T> call, String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return MethodHandleProxies.asInterfaceInstance(
                call, linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options));
    }
}
