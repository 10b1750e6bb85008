package dev.muster.protocol.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Tests of parsers, each of which only refuses, whatever it is fed with. Made without arguments, also by Jazzer.
public interface Fuzzed {
    List<Fuzzing> targets() throws Exception;

    /// A new directory for those that need files: among what is built, and gone with it.
    static Path scratch() throws IOException {
        Path all = Files.createDirectories(Path.of("target", "fuzz"));
        return Files.createTempDirectory(all, "scratch");
    }

    @TestFactory
    default Stream<DynamicTest> aParserOnlyRefuses() throws Exception {
        String wanted = System.getProperty("muster.fuzz.target", "");
        Duration time = Duration.ofSeconds(Long.getLong("muster.fuzz.seconds", 0));
        return targets().stream()
                .filter(target -> wanted.isEmpty() || wanted.equals(target.target()))
                .map(target -> DynamicTest.dynamicTest(target.target(), () -> {
                    if (time.isZero()) {
                        target.run(getClass());
                    } else {
                        new Campaign(getClass(), target).run(time);
                    }
                }));
    }
}
