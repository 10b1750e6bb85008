package dev.muster.agent;

import dev.muster.agent.activate.Activator;
import dev.muster.agent.activate.Hook;
import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.swarm.Limits;
import dev.muster.agent.upkeep.ScrubRule;
import dev.muster.chunkstore.store.Quota;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.wire.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Everything that an operator may set of an agent. Each key, its default and what it is for stand in [#read].
///
/// @param address where peers reach this host; its port is that of the peer connections
public record AgentConfig(Address address, Store store, Swarm swarm, Activate activate, Cluster cluster) {
    /// Where the settings stand, in the agent's home.
    public static final String FILE = "agent.conf";

    private static final String LOOPBACK = "127.0.0.1";

    /// @param path where chunks are kept, if not in the home
    /// @param keep the names of which every release is kept
    /// @param settings how it keeps them, and how much of the disk it may take
    /// @param scrub how often and how fast all of it is read
    public record Store(Optional<Path> path, KeepRule keep, StoreSettings settings, ScrubRule scrub) {}

    /// @param host how much it sends and receives
    /// @param given the settings of `host` that are not their defaults
    /// @param neighbours how many peers to dial
    public record Swarm(HostLimits host, Map<String, String> given, int neighbours, Limits limits) {
        public Swarm {
            given = Map.copyOf(given);
        }
    }

    /// @param program the hook: called before an image runs
    /// @param keepPrevious how many images that ran before stay written
    /// @param inPlace when an image is on its target only, and the next one takes its place there
    /// @param fit what this host is: releases that were made for others it refuses
    public record Activate(
            Optional<Path> program,
            Duration hookTimeout,
            int keepPrevious,
            Activator.Room inPlace,
            Release.Fit fit) {
        Optional<Hook> hook() {
            return program.map(path -> new Hook(path, hookTimeout));
        }
    }

    /// @param enabled whether this agent is a member of the cluster
    /// @param port where members reach this host
    /// @param allowPlain whether members may talk in plain text over addresses that are not loopback
    /// @param membersMax with so many members, further hosts attach to them
    public record Cluster(boolean enabled, int port, boolean allowPlain, int membersMax) {}

    /// Reads every key; the caller finishes the settings.
    public static AgentConfig read(Settings settings) {
        int port = settings.number("swarm.port", 7410, 0, 65535, "where peers reach this host; 0: any free port");
        Address address = settings.value(
                "address",
                new Address(LOOPBACK, port),
                LOOPBACK,
                "the address of this host, on which it listens",
                text -> new Address(text, port));
        return new AgentConfig(
                address,
                new Store(
                        path(settings, "store.path", "where chunks are kept; empty: in the home"),
                        settings.value(
                                "store.keep",
                                KeepRule.NOTHING,
                                "",
                                "names of which every release is kept until it is retired: all, or debian,win-*",
                                KeepRule::parse),
                        store(settings),
                        new ScrubRule(
                                settings.duration(
                                        "store.scrub-every", "7d", "how often all of the store is read; 0s: never"),
                                rate(settings))),
                swarm(settings),
                new Activate(
                        path(
                                settings,
                                "activate.hook",
                                "called with name, release and target before an image runs; empty: none"),
                        settings.duration("activate.hook-timeout", "5m", "how long the hook may take"),
                        settings.number(
                                "activate.keep-previous", 1, 0, 16, "how many images that ran before stay written"),
                        settings.value(
                                "activate.in-place",
                                Activator.Room.AUTO,
                                "auto",
                                "auto, always or never: hold an image on its target only; auto: where there is no room "
                                        + "for it twice",
                                text -> Activator.Room.valueOf(text.toUpperCase(Locale.ROOT))),
                        fit(settings)),
                new Cluster(
                        settings.flag("cluster.enabled", true, "whether this agent is a member of the cluster"),
                        settings.number(
                                "cluster.port", 7411, 0, 65535, "where members reach this host; 0: any free port"),
                        settings.flag(
                                "cluster.allow-plain",
                                false,
                                "members talk in plain text to anybody: only on a protected network"),
                        settings.number(
                                "cluster.members-max",
                                50,
                                1,
                                1000,
                                "with so many members, further agents learn from members among their peers")));
    }

    private static Release.Fit fit(Settings settings) {
        return new Release.Fit(
                settings.value(
                        "activate.product",
                        Release.Fit.ANY,
                        Release.Fit.ANY,
                        "what this host is for; it runs what was made for that, or for any",
                        text -> Names.require("product", text)),
                settings.value(
                        "activate.hardware",
                        Release.Fit.ANY,
                        Release.Fit.ANY,
                        "its hardware class; it runs what was made for that, or for any",
                        text -> Names.require("hardware class", text)));
    }

    private static StoreSettings store(Settings settings) {
        StoreSettings preset = StoreSettings.defaults();
        return preset.withQuota(new Quota(
                        settings.size("store.max-size", "0", "how much chunks may take; 0: all of the disk"),
                        settings.size("store.min-free", "64MiB", "what chunks leave free on the disk")))
                .withPayload(settings.value(
                        "store.segments",
                        preset.payload(),
                        "zstd",
                        "zstd, or raw: plain blocks, which targets on xfs and btrfs share instead of copying",
                        text -> StoreSettings.Payload.valueOf(text.toUpperCase(Locale.ROOT))));
    }

    private static long rate(Settings settings) {
        long rate = settings.rate("store.scrub-rate", "20MB", "how much of it a second");
        return rate == 0 ? Long.MAX_VALUE : rate;
    }

    private static Swarm swarm(Settings settings) {
        Limits preset = Limits.DEFAULT;
        return new Swarm(
                HostLimits.read(settings),
                given(settings),
                settings.number("swarm.neighbours", 20, 1, 256, "how many peers to dial"),
                new Limits(
                        settings.number(
                                "swarm.chunks-in-flight",
                                preset.chunksInFlight(),
                                1,
                                1024,
                                "chunks under way at once, 1 MiB of memory each"),
                        settings.number(
                                "swarm.requests-per-peer",
                                preset.requestsPerPeer(),
                                1,
                                256,
                                "chunks that one peer may owe"),
                        settings.number(
                                "swarm.serves-per-peer",
                                preset.servesPerPeer(),
                                1,
                                256,
                                "requests of one peer that may wait here"),
                        settings.number(
                                "swarm.serves", preset.serves(), 1, 4096, "requests of all peers that may wait here"),
                        settings.duration(
                                "swarm.stall", "8s", "a request without progress for so long is given to another peer"),
                        settings.duration(
                                "swarm.patience",
                                "2s",
                                "how long busy peers are waited for before a source is asked")));
    }

    private static Map<String, String> given(Settings settings) {
        return settings.effective().stream()
                .filter(line -> HostLimits.isOne(line.key()) && !line.value().equals(line.preset()))
                .collect(Collectors.toMap(Settings.Line::key, Settings.Line::value));
    }

    private static Optional<Path> path(Settings settings, String key, String purpose) {
        String text = settings.text(key, "", purpose);
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }
}
