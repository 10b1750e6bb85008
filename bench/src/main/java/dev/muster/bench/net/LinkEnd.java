package dev.muster.bench.net;

import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.delivery.Pools;
import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.delivery.Traffic;
import dev.muster.agent.limit.Throttle;
import dev.muster.agent.swarm.Limits;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.TlsPeerNetwork;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// One end of the pair, in a process of its own: `LinkEnd STORE IDENTITY CA-ROOT`. It prints where it listens,
/// and then does what each line of its input says, until there is none: `connect HOST ADDRESS`, or `fetch
/// MANIFEST`, whose answer is how many nanoseconds it took.
public final class LinkEnd {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LinkEnd() {}

    /// @param args as above
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(args[0]);
        TlsIdentity identity = TlsIdentity.load(Path.of(args[1]));
        FleetTrust trust = new FleetTrust(
                identity.subject().fleet(), Hash.parse(args[2]), Set.of(Subject.Role.HOST), InstantSource.system());
        try (FrameCodec codec = new FrameCodec();
                SegmentStore store =
                        SegmentStore.open(root, root.resolveSibling("run"), StoreSettings.defaults(), codec);
                Pools pools = Pools.open();
                Swarms swarms = new Swarms(
                        store,
                        codec,
                        pools,
                        Throttle.none(),
                        new Traffic(),
                        setting(identity.subject().id()))) {
            Delivery delivery = new Delivery(store, swarms, _ -> Optional.empty());
            swarms.start(delivery);
            try (TlsPeerNetwork network = TlsPeerNetwork.open(
                    new Address("127.0.0.1", 0),
                    "bench",
                    new TlsKeys(identity),
                    trust,
                    LinkLimits.defaults(),
                    swarms)) {
                delivery.serveInstalled();
                System.out.println(network.address());
                obey(network, delivery);
            }
        }
    }

    private static Swarms.Setting setting(String host) {
        return new Swarms.Setting(host, "bench", Limits.DEFAULT, _ -> Optional.empty(), _ -> Optional.empty());
    }

    private static void obey(TlsPeerNetwork network, Delivery delivery) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "connect" -> {
                    network.connect(new PeerAddress(words[1], "bench", Address.parse(words[2])));
                    while (network.links() == 0) {
                        Thread.sleep(10);
                    }
                }
                case "fetch" -> {
                    long start = System.nanoTime();
                    Manifest _ = delivery.fetch(ManifestId.parse(words[1]), Progress.NONE, PATIENCE);
                    System.out.println(System.nanoTime() - start);
                }
                default -> throw new IllegalArgumentException("expected connect or fetch, found " + line);
            }
        }
    }
}
