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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The rollouts that were started here, each of one wave. Safe for threads.
public final class Rollouts {
    public static final int ROLLOUTS_MAX = 10_000;

    private static final Logger LOG = System.getLogger(Rollouts.class.getName());

    private final RecordFiles<Rollout> files;
    private final ConcurrentSkipListMap<String, Rollout> rollouts;
    private final Director director;
    private final Hosts hosts;
    private final Standings standings;
    private final Forecasts forecasts;

    private Rollouts(
            RecordFiles<Rollout> files,
            ConcurrentSkipListMap<String, Rollout> rollouts,
            Director director,
            Hosts hosts,
            Standings standings,
            Forecasts forecasts) {
        this.files = files;
        this.rollouts = rollouts;
        this.director = director;
        this.hosts = hosts;
        this.standings = standings;
        this.forecasts = forecasts;
    }

    /// @param home of the coordinator
    public static Rollouts open(Path home, Director director, Hosts hosts, HostBoard board, InstantSource clock)
            throws IOException {
        RecordFiles<Rollout> files =
                RecordFiles.open(home.resolve("rollouts"), Rollout.Format.MAGIC, new Rollout.Format());
        Standings standings = Standings.open(home.resolve("ended"), hosts, board, clock);
        Forecasts forecasts = Forecasts.open(home.resolve("forecasts"));
        return new Rollouts(files, new ConcurrentSkipListMap<>(files.load()), director, hosts, standings, forecasts);
    }

    /// Moves all hosts of the group to the release at once. The pin does that: where the record of the
    /// rollout cannot be written, the rollout goes on, and is forgotten when the coordinator ends.
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
        standings.begin(rollout.id(), release.document().primary().manifest());
        forecasts.begin(rollout);
        rollouts.put(rollout.id(), rollout);
        return rollout;
    }

    public Rollout get(String id) throws Unknown {
        Rollout rollout = rollouts.get(id);
        if (rollout == null) {
            throw new Unknown(
                    "expected a rollout, found none called " + Names.printable(id, 80) + "; see: muster rollout list");
        }
        return rollout;
    }

    /// The newest first.
    public List<Rollout> all() {
        return rollouts.values().stream()
                .sorted(Comparator.comparingLong(Rollout::created).reversed())
                .toList();
    }

    /// How it goes, or went.
    public Standing standing(Rollout rollout) {
        return standings.isOver(rollout) ? standings.of(rollout, List.of()) : standings.of(rollout, decided(rollout));
    }

    /// Looks at what hosts said since the last time, so that what is over is known to be, and when.
    public void look() {
        standings.look();
        rollouts.values().stream().filter(rollout -> !standings.isOver(rollout)).forEach(this::standing);
    }

    /// Keeps what is expected of a rollout before it is started.
    public void plan(Group group, Signed<Release> release, Forecast forecast) throws IOException {
        forecasts.plan(group.name(), release.hash(), forecast);
    }

    /// What was expected of it before it was started.
    public Optional<Forecast> forecast(Rollout rollout) {
        return forecasts.of(rollout);
    }

    /// What the links of the hosts of a group can do, and of those who have an image: see [Capacity].
    ///
    /// @param wiped as if the group had lost it
    public Capacity capacity(Group group, Optional<Capacity.Image> image, boolean wiped) {
        return Capacity.of(standings.course(), host -> isIn(group, host), image, wiped);
    }

    private static boolean isIn(Group group, Host host) {
        return group.scope().matches(host.id(), host.membership().labels());
    }

    /// How the rollouts of a name stand that are under way: to be seen before a pin that may take their place.
    Map<Rollout, Standing> underWay(String name) {
        Map<Rollout, Standing> underWay = new HashMap<>();
        for (Rollout rollout : rollouts.values()) {
            if (rollout.name().equals(name) && !standings.isOver(rollout)) {
                underWay.put(rollout, standing(rollout));
            }
        }
        return underWay;
    }

    /// Those of them for which no host is left ended as they stood.
    void end(Map<Rollout, Standing> underWay) {
        underWay.forEach((rollout, standing) -> {
            if (standing.progress().hosts() > 0 && decided(rollout).isEmpty()) {
                standings.end(rollout, standing.superseded());
            }
        });
    }

    private List<Host> decided(Rollout rollout) {
        return hosts.all().stream()
                .filter(host -> !host.revoked() && decides(rollout.name(), rollout.pin(), host))
                .toList();
    }

    private boolean decides(String name, Hash pin, Host host) {
        Signed<Pin> deciding =
                director.decide(host.id(), host.membership().labels()).pins().get(name);
        return deciding != null && deciding.hash().equals(pin);
    }
}
