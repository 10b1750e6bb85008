package dev.muster.chunkstore.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// Functions of the C library, found by name, and calls of them that report errors as [LinuxException].
final class CLibrary {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final int MESSAGE_BYTES_MAX = 1024;
    private static final MethodHandle STRERROR = strerror();

    private CLibrary() {}

    @SuppressWarnings("restricted") // This package is where native code is called.
    private static MethodHandle strerror() {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().findOrThrow("strerror");
        return linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }

    /// A function that takes and returns what its manual page says.
    @SuppressWarnings("restricted") // This package is where native code is called.
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        List<Linker.Option> all = new ArrayList<>(List.of(options));
        all.add(Linker.Option.captureCallState("errno"));
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all.toArray(Linker.Option[]::new));
    }

    /// What `strerror(3)` says of an error, in the language of this process.
    @SuppressWarnings("restricted") // This package is where native code is called.
    static String message(int errno) {
        MemorySegment text = (MemorySegment) invoke(STRERROR, List.of(errno));
        return text.reinterpret(MESSAGE_BYTES_MAX).getString(0);
    }

    /// Calls a function that returns -1 on failure; once more for as long as signals interrupt it.
    ///
    /// @param what names the call in the exception
    static long call(String what, MethodHandle function, Object... arguments) throws LinuxException {
        while (true) {
            try {
                return callOnce(what, function, arguments);
            } catch (LinuxException e) {
                if (e.errno() != LinuxException.EINTR) {
                    throw e;
                }
            }
        }
    }

    static long callOnce(String what, MethodHandle function, Object... arguments) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.addFirst(state);
            long result = ((Number) invoke(function, all)).longValue();
            if (result == -1) {
                throw new LinuxException(what, (int) ERRNO.get(state, 0L));
            }
            return result;
        }
    }

    // A method handle may throw anything; a downcall with arguments of the right types throws nothing.
    private static Object invoke(MethodHandle function, List<Object> arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library with arguments of the wrong type", e);
        }
    }
}
