package dev.muster.protocol.fuzz;

import java.lang.reflect.Constructor;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Where Jazzer comes in: it knows static methods by these names only.
public final class Guided {
    private static final AtomicReference<@Nullable Fuzzing> TARGET = new AtomicReference<>();

    private Guided() {}

    /// @param args the class that has the target, and its name
    public static void fuzzerInitialize(String[] args) throws Exception {
        Constructor<?> made = Class.forName(args[0]).getDeclaredConstructor();
        made.setAccessible(true);
        Fuzzed fuzzed = (Fuzzed) made.newInstance();
        TARGET.set(fuzzed.targets().stream()
                .filter(target -> target.target().equals(args[1]))
                .findFirst()
                .orElseThrow());
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Objects.requireNonNull(TARGET.get()).feed(input);
    }
}
