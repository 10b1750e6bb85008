package dev.muster.chunkstore.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// Functions of the C library, found by name, and calls of them that report errors as [LinuxException].
final class CLibrary {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private CLibrary() {}

    /// A function that takes and returns what its manual page says.
    @SuppressWarnings("restricted") // This package is where native code is called.
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        List<Linker.Option> all = new ArrayList<>(List.of(options));
        all.add(Linker.Option.captureCallState("errno"));
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all.toArray(Linker.Option[]::new));
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
