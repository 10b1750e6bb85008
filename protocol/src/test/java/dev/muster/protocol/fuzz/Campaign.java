package dev.muster.protocol.fuzz;

import dev.muster.protocol.content.Hash;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Fuzzing by Jazzer, which sees what of the parser each input reaches and goes on from what reaches more. It runs in a
/// process of its own with little memory. Some of what it found to reach more is kept among the test's resources, for
/// every
/// build, and for the next campaign to begin with.
final class Campaign {
    private static final String HEAP = "-Xmx384m";
    private static final int RSS_MIB_MAX = 1024;
    private static final int INPUT_BYTES_MAX = 1 << 16;
    private static final int SECONDS_PER_INPUT_MAX = 10;
    private static final int KEPT_MAX = 100;
    private static final int KEPT_BYTES_MAX = 16 * 1024;

    private final Class<?> test;
    private final Fuzzing target;
    private final Path kept;
    private final Path directory;
    private final Path corpus;
    private final Path findings;

    /// To be made in the directory of the module.
    Campaign(Class<?> test, Fuzzing target) {
        this.test = test;
        this.target = target;
        this.kept = Path.of("src", "test", "resources", "fuzz", target.target());
        this.directory = Path.of("target", "fuzz", target.target());
        this.corpus = directory.resolve("corpus");
        this.findings = directory.resolve("findings");
    }

    /// Says how it went on standard output.
    ///
    /// @throws AssertionError that tells of a finding
    void run(Duration time) throws IOException, InterruptedException {
        clear(findings);
        Files.createDirectories(corpus);
        for (byte[] input : inputs()) {
            Files.write(corpus.resolve(Hash.of(input).hex()), input);
        }
        Path log = directory.resolve("log");
        int exit = jazzer(log, time);
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        List<Path> found = files(findings);
        System.out.printf(
                "fuzzed: target=%s executions=%s coverage=%s peak-rss-mib=%s findings=%d%n",
                target.target(),
                last(said, "number_of_executed_units: +(\\d+)"),
                last(said, " cov: (\\d+)"),
                last(said, "peak_rss_mb: +(\\d+)"),
                found.size());
        if (!found.isEmpty()) {
            byte[] input = Files.readAllBytes(found.getFirst());
            throw new AssertionError(target.target() + ": see " + log.toAbsolutePath() + "; the input is\n"
                    + HexFormat.of().formatHex(input));
        }
        if (exit != 0) {
            throw new AssertionError(target.target() + ": expected Jazzer to end well, found exit " + exit + ", see "
                    + log.toAbsolutePath());
        }
        keep();
    }

    private List<byte[]> inputs() {
        List<byte[]> inputs = new ArrayList<>(target.seeds());
        inputs.addAll(target.kept(test));
        return inputs;
    }

    /// Keeps, besides what was kept, inputs that reached more than those before them, the shortest first.
    private void keep() throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        target.kept(test).forEach(input -> lines.add(HexFormat.of().formatHex(input)));
        Set<String> seeds = new HashSet<>();
        target.seeds().forEach(input -> seeds.add(HexFormat.of().formatHex(input)));
        long room = KEPT_BYTES_MAX - lines.stream().mapToLong(String::length).sum() / 2;
        for (Path file : files(corpus)) {
            String line = HexFormat.of().formatHex(Files.readAllBytes(file));
            room -= line.length() / 2;
            if (room >= 0 && lines.size() < KEPT_MAX && !line.isEmpty() && !seeds.contains(line)) {
                lines.add(line);
            }
        }
        if (!lines.isEmpty()) {
            Files.createDirectories(kept.getParent());
            Files.write(kept, lines, StandardCharsets.US_ASCII);
        }
    }

    private int jazzer(Path log, Duration time) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:MaxMetaspaceSize=128m",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Guided.class.getName(),
                "--target_args=" + test.getName() + " " + target.target(),
                "--instrumentation_includes=dev.muster.**",
                "--custom_hook_includes=dev.muster.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + File.separator,
                "-rss_limit_mb=" + RSS_MIB_MAX,
                "-max_len=" + INPUT_BYTES_MAX,
                "-timeout=" + SECONDS_PER_INPUT_MAX,
                "-max_total_time=" + time.toSeconds(),
                "-print_final_stats=1",
                corpus.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
    }

    private static String last(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .reduce((_, later) -> later)
                .orElse("?");
    }

    /// The shortest first; none of the Java sources that Jazzer makes of findings.
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.toString().endsWith(".java"))
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().length())
                            .thenComparing(Path::toString))
                    .toList();
        }
    }

    private static void clear(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Path file : files(directory)) {
            Files.delete(file);
        }
    }
}
