package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How each rollout stands, and how those went that are over: that is kept on the disk. Safe for threads.
final class Standings {
    private static final Logger LOG = System.getLogger(Standings.class.getName());

    private final RecordFiles<Standing> files;
    private final Map<String, Standing> over;
    private final Hosts hosts;
    private final HostBoard board;
    private final InstantSource clock;

    /// Who had the image when a rollout began; of those that began before this program did, nobody knows.
    private final Map<String, Set<String>> sources = new ConcurrentHashMap<>();

    private final Map<String, Capacity.Link> wan = new ConcurrentHashMap<>();

    private Standings(
            RecordFiles<Standing> files,
            Map<String, Standing> over,
            Hosts hosts,
            HostBoard board,
            InstantSource clock) {
        this.files = files;
        this.over = over;
        this.hosts = hosts;
        this.board = board;
        this.clock = clock;
    }

    static Standings open(Path directory, Hosts hosts, HostBoard board, InstantSource clock) throws IOException {
        RecordFiles<Standing> files = RecordFiles.open(directory, Standing.Format.MAGIC, new Standing.Format());
        return new Standings(files, new ConcurrentHashMap<>(files.load()), hosts, board, clock);
    }

    /// A rollout begins.
    void begin(String id, ManifestId manifest) {
        sources.put(id, Course.holders(hosts.all(), manifest, board));
    }

    boolean isOver(Rollout rollout) {
        return over.containsKey(rollout.id());
    }

    /// @param decided the hosts for which its pin decides now
    Standing of(Rollout rollout, Collection<Host> decided) {
        Standing ended = over.get(rollout.id());
        if (ended != null) {
            return ended;
        }
        Course course = course();
        Progress progress = Progress.of(rollout, decided, id -> board.newest(id).map(HostBoard.Heard::report));
        Optional<Bound> bound = course.bound(rollout, sources.getOrDefault(rollout.id(), Set.of()), decided);
        Duration took = Course.since(rollout, clock.millis());
        Duration least = bound.map(Bound::time).orElse(Duration.ZERO);
        boolean done = progress.state() == Progress.State.DONE;
        Standing standing = new Standing(
                progress,
                took,
                // Links can do more than they were seen to do, where it took less.
                done && took.compareTo(least) < 0 ? took : least,
                course.bottleneck(rollout, decided, bound));
        if (done) {
            end(rollout, standing);
        }
        return standing;
    }

    /// It is over, and this is how it went. Where that cannot be written, it is forgotten when the
    /// coordinator ends.
    void end(Rollout rollout, Standing standing) {
        if (over.putIfAbsent(rollout.id(), standing) != null) {
            return;
        }
        sources.remove(rollout.id());
        LOG.log(
                Level.INFO,
                "rollout over: rollout={0} state={1} hosts={2} seconds={3} overBound={4} bottleneck={5}",
                rollout.id(),
                standing.progress().state(),
                standing.progress().hosts(),
                standing.took().toMillis() / 1e3,
                standing.multiple(),
                standing.bottleneck());
        try {
            files.put(rollout.id(), standing);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "end not recorded: rollout={0} because={1}", rollout.id(), e.getMessage());
        }
    }

    /// Sees how much crosses the WAN links at this moment.
    void look() {
        course().crossings()
                .forEach((site, now) -> wan.merge(site, new Capacity.Link(now.out(), now.in()), Capacity.Link::most));
    }

    Course course() {
        Map<String, Host> all = hosts.all().stream()
                .collect(Collectors.toMap(Host::id, Function.identity(), (one, _) -> one, HashMap::new));
        return new Course(all, board::newest, wan);
    }
}
