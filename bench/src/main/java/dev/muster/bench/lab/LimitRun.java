package dev.muster.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.muster.bench.store.Environment;
import dev.muster.protocol.config.Units;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Whether what `muster host set` allows is what interfaces move: no more, and no less where there is enough to move.
///
/// Two sites of three hosts, whose links can do much more. For each limit an image goes that takes longer than what is
/// measured; the limit is set while agents run, and the bytes of an interface are counted over some seconds. Segments
/// are not merged on the links, so that headers count as they do on a wire.
final class LimitRun {
    private static final Topology ROOM = new Topology("", 2, 3, 50_000_000, 25_000_000);
    private static final double LEAST = 0.95;
    private static final double MOST = 1.05;

    /// What an image is longer than what passes while it is measured.
    private static final int SPARE_SECONDS = 6;

    /// So long a transfer goes on before it is measured.
    private static final long BEGIN_MILLIS = 2000;

    private static final Duration BEGIN_MAX = Duration.ofSeconds(60);

    private final Options options;
    private final List<String> launcher;
    private final Consumer<String> say;
    private final List<Measured> all = new ArrayList<>();
    private int images;

    /// @param limit bytes a second
    record Options(long limit, int seconds, Optional<Path> json, Path directory) {
        static Options parse(List<String> args) {
            Map<String, String> options = new LinkedHashMap<>();
            for (int i = 0; i < args.size(); i += 2) {
                if (i + 1 == args.size()
                        || !List.of("--limit", "--seconds", "--json", "--directory")
                                .contains(args.get(i))) {
                    throw new IllegalArgumentException("expected an option and its value, found " + args.get(i));
                }
                options.put(args.get(i), args.get(i + 1));
            }
            return new Options(
                    Units.bytesPerSecond(options.getOrDefault("--limit", "16Mbit")),
                    Integer.parseInt(options.getOrDefault("--seconds", "8")),
                    Optional.ofNullable(options.get("--json")).map(Path::of),
                    Path.of(options.getOrDefault("--directory", "/dev/shm")));
        }
    }

    /// @param what was limited, and where its bytes were counted
    record Measured(String what, long limit, double bytesPerSecond) {
        double ratio() {
            return bytesPerSecond / limit;
        }

        boolean holds() {
            return ratio() >= LEAST && ratio() <= MOST;
        }
    }

    private LimitRun(Options options, List<String> launcher, Consumer<String> say) {
        this.options = options;
        this.launcher = launcher;
        this.say = say;
    }

    /// @return whether every limit held within 5 %
    static boolean run(List<String> args, List<String> launcher, Consumer<String> say)
            throws IOException, InterruptedException {
        Options options = Options.parse(args);
        String prefix = Testbed.PREFIX + ProcessHandle.current().pid();
        Path directory = Files.createDirectory(options.directory.resolve(prefix));
        Topology topology = new Topology(prefix, ROOM.sites(), ROOM.hostsPerSite(), ROOM.rate(), ROOM.wan());
        LimitRun run = new LimitRun(options, launcher, say);
        try (Testbed testbed = Testbed.open(topology, directory.resolve("hosts"))) {
            Thread cleanUp = new Thread(() -> end(testbed), "clean-up");
            Runtime.getRuntime().addShutdownHook(cleanUp);
            try {
                run.measure(testbed);
            } finally {
                boolean _ = Runtime.getRuntime().removeShutdownHook(cleanUp);
            }
        } finally {
            Testbed.delete(directory);
        }
        run.report();
        return run.all.stream().allMatch(Measured::holds);
    }

    private static void end(Testbed testbed) {
        try {
            testbed.close();
        } catch (IOException _) {
            // bench/lab clean removes what is left.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Bytes that an interface has moved.
    @FunctionalInterface
    private interface Meter {
        long bytes() throws IOException, InterruptedException;
    }

    private void measure(Testbed testbed) throws IOException, InterruptedException {
        Topology topology = testbed.topology();
        splitSegments(topology);
        MusterFleet fleet = new MusterFleet(testbed, launcher, List.of());
        List<Node> hosts = topology.hosts();
        fleet.start(hosts);
        Node source = hosts.get(0);
        Node near = hosts.get(1);
        Node other = hosts.get(2);
        List<Node> far = hosts.subList(ROOM.hostsPerSite(), hosts.size());
        Meter sent = () -> Counters.of(source.namespace()).link("eth0").sent();
        Meter received = () -> Counters.of(near.namespace()).link("eth0").received();
        // What the router sends into the link is what comes into the site.
        Meter crossed =
                () -> Counters.of(topology.router()).link(Topology.wanLink(1)).sent();

        String upload = "swarm.upload-limit";
        String wan = "swarm.wan-limit";
        run(fleet, "upload, one peer", upload, List.of(source), List.of(near), sent);
        run(fleet, "upload, two peers", upload, List.of(source), List.of(near, other), sent);
        run(fleet, "download", "swarm.download-limit", List.of(near), List.of(near), received);
        run(fleet, "WAN, kept by the sender", wan, List.of(source), far.subList(0, 1), crossed);
        run(fleet, "WAN, kept by a site of receivers", wan, far, far, crossed);
    }

    /// @param limited those whose setting is changed
    /// @param pulling those that fetch
    private void run(
            MusterFleet fleet, String what, String setting, List<Node> limited, List<Node> pulling, Meter meter)
            throws IOException, InterruptedException {
        String name = "image-" + ++images;
        long passing = 3 * options.limit * (options.seconds + SPARE_SECONDS);
        long length = passing - passing % Block.BYTES;
        Path image = RandomImage.make(fleet.scratch(name), length, images);
        fleet.publish(image, name + ":1");
        Files.delete(image);
        set(fleet, limited, setting, options.limit);
        List<Process> pulls = new ArrayList<>();
        for (Node host : pulling) {
            pulls.add(fleet.pull(host, name + ":1"));
        }
        add(what, options.limit, meter);
        // What is changed counts at once.
        set(fleet, limited, setting, 2 * options.limit);
        add(what + ", twice as much from now on", 2 * options.limit, meter);
        for (Node host : limited) {
            fleet.set(host, setting, "");
        }
        for (Process pull : pulls) {
            int status = pull.waitFor();
            if (status != 0) {
                throw new IOException(what + ": expected the image to arrive, found status " + status);
            }
        }
    }

    private static void set(MusterFleet fleet, List<Node> hosts, String setting, long bytesPerSecond)
            throws IOException, InterruptedException {
        for (Node host : hosts) {
            fleet.set(host, setting, Long.toString(bytesPerSecond));
        }
    }

    private void add(String what, long limit, Meter meter) throws IOException, InterruptedException {
        long before = meter.bytes();
        long until = System.nanoTime() + BEGIN_MAX.toNanos();
        while (meter.bytes() - before < limit) {
            if (System.nanoTime() - until > 0) {
                throw new IOException(what + ": expected the transfer to begin within " + BEGIN_MAX.toSeconds() + " s");
            }
            Thread.sleep(20);
        }
        Thread.sleep(BEGIN_MILLIS);
        long start = System.nanoTime();
        long from = meter.bytes();
        Thread.sleep(1000L * options.seconds);
        long end = System.nanoTime();
        long to = meter.bytes();
        Measured measured = new Measured(what, limit, (to - from) * 1e9 / (end - start));
        all.add(measured);
        say.accept(line(measured));
    }

    private static void splitSegments(Topology topology) throws IOException, InterruptedException {
        for (Node host : topology.hosts()) {
            String _ = Command.run("ip", "-n", host.namespace(), "link", "set", "eth0", "gso_max_segs", "1");
        }
    }

    private static String line(Measured measured) {
        return String.format(
                Locale.ROOT,
                "%-52s limit %6.2f Mbit/s, measured %6.2f Mbit/s: %.3f%s",
                measured.what,
                measured.limit * 8 / 1e6,
                measured.bytesPerSecond * 8 / 1e6,
                measured.ratio(),
                measured.holds() ? "" : "  MISSED");
    }

    private void report() throws IOException {
        long held = all.stream().filter(Measured::holds).count();
        say.accept(held + " of " + all.size() + " limits held within 5 %");
        if (options.json.isPresent()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("environment", Environment.describe());
            result.put("measured", all);
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValue(options.json.get().toFile(), result);
        }
    }
}
