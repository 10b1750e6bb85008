package dev.muster.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.muster.bench.store.Environment;
import dev.muster.coordinator.rollout.Bound;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The program: see this package's documentation.
public final class Lab implements AutoCloseable {
    /// An invalid run is repeated with slower links so often.
    private static final int SLOWER_MAX = 2;

    private final LabOptions options;
    private final List<String> launcher;
    private final Consumer<String> say;
    private final Path directory;
    private final String prefix = Testbed.PREFIX + ProcessHandle.current().pid();
    private final AtomicReference<Optional<Testbed>> testbed = new AtomicReference<>(Optional.empty());
    private volatile boolean closed;

    /// Whether every contender came to its end.
    private boolean whole;

    private Lab(LabOptions options, List<String> launcher, Consumer<String> say) {
        this.options = options;
        this.launcher = launcher;
        this.say = say;
        this.directory = options.output().directory().resolve(prefix);
    }

    /// @param args see [LabOptions#USAGE]
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> words = List.of(args);
        if (words.equals(List.of("clean"))) {
            Leftovers.remove(Path.of("/dev/shm"), System.out::println);
            return;
        }
        try {
            List<String> launcher = List.of(System.getProperty("muster.launcher", "muster"));
            if (!words.isEmpty() && words.getFirst().equals("limits")) {
                requirePossible();
                System.exit(LimitRun.run(words.subList(1, words.size()), launcher, System.out::println) ? 0 : 1);
            }
            if (words.isEmpty() || !words.getFirst().equals("run")) {
                throw new IllegalArgumentException("expected run, limits or clean, found " + words);
            }
            System.exit(run(words.subList(1, words.size()), launcher, System.out::println) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println("lab: " + e.getMessage() + "\n\n" + LabOptions.USAGE);
            System.exit(2);
        }
    }

    /// Runs what the arguments after `run` say, and removes everything that it made, also when this process
    /// is told to end.
    ///
    /// @param launcher what starts `muster`
    /// @param say is told what happens, and the tables
    /// @return whether every host had the right bytes every time
    public static boolean run(List<String> args, List<String> launcher, Consumer<String> say)
            throws IOException, InterruptedException {
        LabOptions options = LabOptions.parse(args);
        requirePossible();
        Lab lab = new Lab(options, launcher, say);
        Thread cleanUp = new Thread(lab::end, "clean-up");
        Runtime.getRuntime().addShutdownHook(cleanUp);
        try (lab) {
            return lab.run();
        } finally {
            try {
                boolean _ = Runtime.getRuntime().removeShutdownHook(cleanUp);
            } catch (IllegalStateException _) {
                say.accept("interrupted");
            }
        }
    }

    private static void requirePossible() throws IOException {
        if (!isPossible()) {
            throw new IOException("the lab makes network namespaces: expected root, ip and tc, found not all of them");
        }
    }

    /// Whether this process may make a lab here.
    public static boolean isPossible() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
                && Command.exists("ip")
                && Command.exists("tc");
    }

    private boolean run() throws IOException, InterruptedException {
        Files.createDirectory(directory);
        Path image =
                RandomImage.make(directory.resolve("image.raw"), options.image().length(), System.nanoTime());
        List<Map<String, Object>> runs = new ArrayList<>();
        boolean right = true;
        whole = true;
        for (int run = 1; run <= options.output().runs(); run++) {
            Topology topology = options.room().topology(prefix);
            List<Outcome> outcomes = runOnce(topology, image);
            for (int slower = 0; slower < SLOWER_MAX && isToRepeat(outcomes); slower++) {
                topology = topology.slower();
                outcomes = runOnce(topology, image);
            }
            right &= outcomes.stream().allMatch(Outcome::isRight);
            runs.add(Map.of(
                    "topology",
                    topology.toString(),
                    "outcomes",
                    outcomes.stream().map(Outcome::json).toList()));
        }
        if (options.output().json().isPresent()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("environment", Environment.describe());
            result.put("image", options.image().length());
            result.put("runs", runs);
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            mapper.writeValue(options.output().json().get().toFile(), result);
        }
        return right && whole;
    }

    private boolean isToRepeat(List<Outcome> outcomes) {
        return options.output().slower() && !outcomes.stream().allMatch(Outcome::isValid);
    }

    private List<Outcome> runOnce(Topology topology, Path image) throws IOException, InterruptedException {
        Bound least = topology.bound(options.image().length());
        double bound = least.time().toNanos() / 1e9;
        say.accept(topology + ", image of " + Units.humanBytes(options.image().length()) + ", bound "
                + Report.figure(bound) + " s: " + least.bottleneck());
        List<Outcome> outcomes = new ArrayList<>();
        try (Testbed bed = Testbed.open(topology, directory.resolve("hosts"))) {
            testbed.set(Optional.of(bed));
            requireOpen();
            for (Contender contender : contenders(bed)) {
                try (contender) {
                    outcomes.add(measure(bed, contender, image, bound));
                    say.accept(contender.name() + ": "
                            + Report.figure(outcomes.getLast().last()) + " s");
                } catch (IOException e) {
                    requireOpen();
                    whole = false;
                    say.accept(contender.name() + " failed, the others go on: " + e.getMessage());
                }
            }
        } finally {
            testbed.set(Optional.empty());
        }
        say.accept(Report.table(outcomes));
        outcomes.stream().map(Report::threads).filter(text -> !text.isEmpty()).forEach(text -> {
            say.accept("CPU seconds of Muster's threads: " + text);
        });
        return outcomes;
    }

    private Outcome measure(Testbed bed, Contender contender, Path image, double bound)
            throws IOException, InterruptedException {
        contender.prepare(image);
        Topology topology = bed.topology();
        Counters sourceBefore = Counters.of(topology.source().namespace());
        Counters routerBefore = Counters.of(topology.router());
        try (CpuSamples cpu = CpuSamples.open()) {
            Contender.Arrivals arrivals = contender.deliver();
            Counters.Moved source =
                    Counters.of(topology.source().namespace()).link("eth0").since(sourceBefore.link("eth0"));
            Counters router = Counters.of(topology.router());
            List<Outcome.Crossed> wan = IntStream.range(0, topology.sites() == 1 ? 0 : topology.sites())
                    .mapToObj(Topology::wanLink)
                    .map(link -> router.link(link).since(routerBefore.link(link)))
                    // What the router sends into the link is what comes into the site.
                    .map(moved -> new Outcome.Crossed(moved.sent(), moved.received()))
                    .toList();
            double last = arrivals.seconds().stream().max(Double::compare).orElse(0.0);
            CpuTime busy = cpu.between(arrivals.began(), arrivals.began() + last * 1e3);
            Outcome.Wire wire = new Outcome.Wire(source.sent(), wan);
            return new Outcome(contender.name(), bound, options.image().length(), arrivals, wire, busy);
        }
    }

    private List<Contender> contenders(Testbed bed) throws InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        for (LabOptions.Rival rival : LabOptions.Rival.values()) {
            if (options.rivals().contains(rival)) {
                Optional<String> obstacle = obstacle(rival, bed.topology());
                obstacle.ifPresent(why -> say.accept("left out: " + why));
                if (obstacle.isEmpty()) {
                    contenders.add(contender(rival, bed));
                }
            }
        }
        MusterFleet fleet = new MusterFleet(bed, launcher, options.settings());
        contenders.add(new MusterContender(
                bed,
                fleet,
                options.image().warm(),
                options.disruption(),
                options.output().logs()));
        return contenders;
    }

    private static Contender contender(LabOptions.Rival rival, Testbed bed) {
        return switch (rival) {
            case LIBTORRENT -> new Torrent(bed, Torrent.Client.LIBTORRENT);
            case ARIA2 -> new Torrent(bed, Torrent.Client.ARIA2);
            case UDPCAST -> new Udpcast(bed);
            case NGINX -> new Nginx(bed);
        };
    }

    /// Why a program cannot take part here, if so.
    private static Optional<String> obstacle(LabOptions.Rival rival, Topology topology) throws InterruptedException {
        return switch (rival) {
            case LIBTORRENT ->
                Torrent.hasLibtorrent() ? Optional.empty() : Optional.of("libtorrent: install python3-libtorrent");
            case ARIA2 ->
                Torrent.hasLibtorrent() && Command.exists("aria2c")
                        ? Optional.empty()
                        : Optional.of("aria2: install aria2 and python3-libtorrent");
            case UDPCAST ->
                topology.sites() > 1
                        ? Optional.of("udpcast: it does not cross routers")
                        : Command.exists("udp-sender") ? Optional.empty() : Optional.of("udpcast: install udpcast");
            case NGINX ->
                Command.exists("nginx") && Command.exists("curl")
                        ? Optional.empty()
                        : Optional.of("nginx: install nginx-light and curl");
        };
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the lab was ended");
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        Optional<Testbed> open = testbed.get();
        if (open.isPresent()) {
            open.get().close();
        }
        Testbed.delete(directory);
    }

    private void end() {
        try {
            close();
        } catch (IOException e) {
            say.accept("not everything could be removed: " + e.getMessage() + "; run: bench/lab clean");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
