package dev.muster.bench.net;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.muster.bench.store.Environment;
import dev.muster.bench.store.Samples;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/// The program: see this package's documentation.
public final class LinkMeasurement {
    private static final String FLEET = "bench";
    private static final long WARM_BYTES = 2L << 30;
    private static final double MB = 1e6;
    private static final double GB = 1e9;
    private static final double MIB = 1 << 20;
    private static final long WATCH_MILLIS = 50;

    /// As `ops/muster agent` has them.
    private static final List<String> AGENT_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseSerialGC",
            "-Xmn96m",
            "-XX:SurvivorRatio=1",
            "-Djava.util.logging.config.file=/dev/null");

    private final Path directory;
    private final List<String> javaOptions = new ArrayList<>(AGENT_OPTIONS);
    private final Samples samples = new Samples();
    private final String caRoot;

    private LinkMeasurement(Path directory, String moreJavaOptions) throws IOException {
        this.directory = directory;
        Stream.of(moreJavaOptions.split(" ", -1))
                .filter(option -> !option.isEmpty())
                .forEach(javaOptions::add);
        Validity day = Validity.from(Instant.now(), Duration.ofDays(1));
        FleetCa root = FleetCa.createRoot(FLEET, day);
        FleetCa ca = root.createIntermediate(FLEET, "bench", day);
        caRoot = ca.rootHash().toString();
        for (String host : List.of("source", "receiver")) {
            ca.issueIdentity(new Subject(FLEET, Subject.Role.HOST, host), Set.of(), day)
                    .save(directory.resolve(host + ".pem"));
        }
    }

    /// @param args `--directory DIR`, on tmpfs; `--runs N`; `--mib N`, how long an image is; `--kinds
    ///     random,words`; `--java-options "..."` for both ends besides those of an agent; `--json FILE`
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = options(args);
        Path base = Path.of(options.getOrDefault("directory", "/dev/shm"));
        Path directory = Files.createTempDirectory(base, "muster-link-");
        try {
            LinkMeasurement measurement =
                    new LinkMeasurement(directory, options.getOrDefault("java-options", ""));
            Map<String, Object> result = measurement.run(
                    kinds(options.getOrDefault("kinds", "random,words")),
                    Integer.parseInt(options.getOrDefault("runs", "3")),
                    Long.parseLong(options.getOrDefault("mib", "1024")) << 20);
            if (options.containsKey("json")) {
                new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValue(Path.of(options.get("json")).toFile(), result);
            }
        } finally {
            delete(directory);
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        if (args.length % 2 != 0
                || !Set.of("directory", "runs", "mib", "kinds", "java-options", "json").containsAll(options.keySet())) {
            throw new IllegalArgumentException(
                    "expected --directory DIR --runs N --mib N --kinds random,words --java-options O --json FILE");
        }
        return options;
    }

    private static List<LinkImages.Kind> kinds(String names) {
        return Stream.of(names.split(",", -1))
                .map(name -> LinkImages.Kind.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }

    private Map<String, Object> run(List<LinkImages.Kind> kinds, int runs, long bytes) throws IOException, InterruptedException {
        LinkImages images = new LinkImages(directory);
        List<LinkImages.Image> measured = new ArrayList<>();
        List<LinkImages.Image> warm = new ArrayList<>();
        for (LinkImages.Kind kind : kinds) {
            warm.add(images.publish(kind, WARM_BYTES, directory.resolve("source")));
            measured.add(images.publish(kind, bytes, directory.resolve("source")));
        }
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < measured.size(); i++) {
                pair(warm.get(i), measured.get(i));
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        samples.all().keySet().forEach(name -> medians.put(name, samples.median(name)));
        medians.forEach((name, figure) -> System.out.printf(Locale.ROOT, "%-40s %10.3f%n", name, figure));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("environment", Environment.describe());
        result.put("javaOptions", javaOptions);
        result.put("images", measured);
        result.put("medians", medians);
        result.put("runs", samples.all());
        return result;
    }

    private void pair(LinkImages.Image warm, LinkImages.Image image) throws IOException, InterruptedException {
        Path store = directory.resolve("receiver");
        try (EndProcess source = end("source");
                EndProcess receiver = end("receiver")) {
            receiver.say("connect source " + source.address());
            receiver.say("fetch " + warm.manifest());
            String _ = receiver.answer();
            double cpuBefore = source.cpuSeconds() + receiver.cpuSeconds();
            FutureTask<Long> fetch = fetch(receiver, image);
            long sourceBytes = 0;
            long receiverBytes = 0;
            while (!fetch.isDone()) {
                sourceBytes = Math.max(sourceBytes, source.residentBytes());
                receiverBytes = Math.max(receiverBytes, receiver.residentBytes());
                Thread.sleep(WATCH_MILLIS);
            }
            double cpu = source.cpuSeconds() + receiver.cpuSeconds() - cpuBefore;
            double seconds = await(fetch) / 1e9;
            String name = image.kind().name().toLowerCase(Locale.ROOT) + ": ";
            samples.add(name + "MB/s", image.bytes() / seconds / MB);
            samples.add(name + "wire MB/s", image.wireBytes() / seconds / MB);
            samples.add(name + "CPU s/GB", cpu / (image.bytes() / GB));
            samples.add(name + "source RSS MiB", sourceBytes / MIB);
            samples.add(name + "receiver RSS MiB", receiverBytes / MIB);
        } finally {
            delete(store);
        }
    }

    private EndProcess end(String host) throws IOException {
        return new EndProcess(
                javaOptions,
                directory.resolve(host).toString(),
                directory.resolve(host + ".pem").toString(),
                caRoot);
    }

    private static FutureTask<Long> fetch(EndProcess receiver, LinkImages.Image image) throws IOException {
        receiver.say("fetch " + image.manifest());
        Callable<Long> answer = () -> Long.parseLong(receiver.answer());
        FutureTask<Long> fetch = new FutureTask<>(answer);
        Thread.ofVirtual().name("answer").start(fetch);
        return fetch;
    }

    private static long await(FutureTask<Long> fetch) throws IOException, InterruptedException {
        try {
            return fetch.get();
        } catch (ExecutionException e) {
            throw new IOException("the receiver did not fetch", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
