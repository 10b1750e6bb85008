package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Wave;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/// The rollouts that were started here, each of one wave. Safe for threads.
public final class Rollouts {
    public static final int ROLLOUTS_MAX = 10_000;

    private static final Logger LOG = System.getLogger(Rollouts.class.getName());

    private final RecordFiles<Rollout> files;
    private final ConcurrentSkipListMap<String, Rollout> rollouts;
    private final Director director;
    private final Hosts hosts;
    private final HostBoard board;

    private Rollouts(
            RecordFiles<Rollout> files,
            ConcurrentSkipListMap<String, Rollout> rollouts,
            Director director,
            Hosts hosts,
            HostBoard board) {
        this.files = files;
        this.rollouts = rollouts;
        this.director = director;
        this.hosts = hosts;
        this.board = board;
    }

    public static Rollouts open(Path directory, Director director, Hosts hosts, HostBoard board) throws IOException {
        RecordFiles<Rollout> files = RecordFiles.open(directory, Rollout.Format.MAGIC, new Rollout.Format());
        return new Rollouts(files, new ConcurrentSkipListMap<>(files.load()), director, hosts, board);
    }

    /// Moves all hosts of the group to the release at once. The pin does that: where the record of the rollout cannot
    /// be
    /// written, the rollout goes on, and is forgotten when the coordinator ends.
    public Rollout start(Group group, Signed<Release> release) throws IOException {
        if (rollouts.size() >= ROLLOUTS_MAX) {
            throw new StoreRefused("rollout: expected fewer than " + ROLLOUTS_MAX + ", found as many");
        }
        String name = release.document().name().name();
        Signed<Pin> pin = director.pin(new Wish(name, group, new Order.Run(release.hash()), Wave.all(), false));
        Rollout rollout = new Rollout(
                Rollout.idOf(pin.hash()),
                group.name(),
                name,
                release.hash(),
                pin.hash(),
                pin.document().terms().times().created());
        try {
            files.put(rollout.id(), rollout);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "rollout not recorded: rollout={0} because={1}", rollout.id(), e.getMessage());
        }
        rollouts.put(rollout.id(), rollout);
        return rollout;
    }

    public Rollout get(String id) throws Unknown {
        Rollout rollout = rollouts.get(id);
        if (rollout == null) {
            throw new Unknown("expected a rollout, found none called " + Names.printable(id, 80));
        }
        return rollout;
    }

    /// The newest first.
    public List<Rollout> all() {
        return rollouts.values().stream()
                .sorted(Comparator.comparingLong(Rollout::created).reversed())
                .toList();
    }

    public Progress progress(Rollout rollout) {
        List<Host> decided = hosts.all().stream()
                .filter(host -> !host.revoked() && decides(rollout.name(), rollout.pin(), host))
                .toList();
        return Progress.of(rollout, decided, id -> board.newest(id).map(HostBoard.Heard::report));
    }

    private boolean decides(String name, Hash pin, Host host) {
        Signed<Pin> deciding =
                director.decide(host.id(), host.membership().labels()).pins().get(name);
        return deciding != null && deciding.hash().equals(pin);
    }
}
