package dev.muster.agent.delivery;

import dev.muster.agent.swarm.Graph;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.Presence;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Keeps this host connected with about as many peers as its limit says: those the cluster names, and those
/// remembered.
///
/// Those that [dev.muster.agent.swarm.Graph] says come first, whatever the limit. Beyond them both hosts of a
/// pair compute the same rank, and each dials the peers that rank lowest with it. Hosts that are not there are
/// tried ever more seldom, and in between others are tried instead; those that only others speak of come last,
/// so that who speaks of many that do not exist hides nobody. While this host fetches, a peer on whose link
/// nothing goes on gives way to another one: see [IdleLinks].
public final class Neighbours implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Neighbours.class.getName());
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final long RETRY_MILLIS_MAX = 15_000;

    /// A peer that gave way is not dialled for so long.
    private static final long AWAY_MILLIS = 60_000;

    private final String self;
    private final int limit;
    private final PeerNetwork network;
    private final Swarms swarms;
    private final Fleet fleet;
    private final AddressBook book;
    private final Semaphore wake = new Semaphore(0);
    private final IdleLinks idle = new IdleLinks();
    private final Map<String, Dial> dials = new HashMap<>();
    private final Thread thread;

    /// @param self this host's id
    /// @param limit how many peers to dial
    public Neighbours(String self, int limit, PeerNetwork network, Swarms swarms, Fleet fleet, AddressBook book) {
        this.self = self;
        this.limit = limit;
        this.network = network;
        this.swarms = swarms;
        this.fleet = fleet;
        this.book = book;
        this.thread = Thread.ofVirtual().name("neighbours").unstarted(this::run);
    }

    /// @param settled when it has come to something, or the next peer may be tried
    /// @param again when the same peer may be tried again
    private record Dial(long waitMillis, long settled, long again) {}

    public void start() {
        fleet.onChange(wake::release);
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                dial();
                save();
                if (wake.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void dial() {
        Map<String, PeerAddress> known = new LinkedHashMap<>();
        book.peers().forEach(peer -> known.put(peer.host(), peer));
        for (Presence presence : fleet.present()) {
            if (presence.kind() == Presence.Kind.AGENT) {
                known.put(presence.node().host(), presence.node());
                if (!presence.id().equals(self)) {
                    book.put(presence.node());
                }
            }
        }
        known.remove(self);
        known.keySet().removeIf(swarms::isBlamed);
        Set<String> connected =
                swarms.connections().stream().map(Connection::host).collect(Collectors.toSet());
        dials.keySet().removeAll(connected);
        dials.keySet().retainAll(known.keySet());
        long now = System.nanoTime() / 1_000_000;
        Set<String> wanted = wanted(known, now);
        if (known.size() > connected.size() && connected.size() >= limit && swarms.isFetching()) {
            idle.longest(swarms.connections(), now).filter(host -> !wanted.contains(host)).ifPresent(host -> {
                dials.put(host, new Dial(RETRY_MILLIS_MAX, now, now + AWAY_MILLIS));
                swarms.disconnect(host, "nothing went on here for a while, and others may have more");
                connected.remove(host);
            });
        }
        long open = dials.values().stream().filter(dial -> now < dial.settled).count();
        List<PeerAddress> nearest = known.values().stream()
                .filter(peer -> !connected.contains(peer.host()) && isDue(peer.host(), now))
                .sorted(Comparator.comparing((PeerAddress peer) -> !wanted.contains(peer.host()))
                        .thenComparing(peer -> !book.isSeen(peer.host()))
                        .thenComparing(peer -> rank(peer.host())))
                .toList();
        long missing = wanted.stream().filter(host -> !connected.contains(host)).count();
        long room = Math.max(missing, limit - connected.size() - open);
        for (PeerAddress peer : nearest.subList(0, Math.clamp(room, 0, nearest.size()))) {
            Dial last = dials.get(peer.host());
            long wait = last == null ? LOOK_AGAIN.toMillis() : Math.min(RETRY_MILLIS_MAX, 2 * last.waitMillis);
            dials.put(peer.host(), new Dial(wait, now + LOOK_AGAIN.toMillis(), now + wait));
            network.connect(peer);
        }
    }

    /// Those that were tried in vain count as gone.
    private Set<String> wanted(Map<String, PeerAddress> known, long now) {
        Graph graph = new Graph();
        graph.add(self, swarms.site());
        for (PeerAddress peer : known.values()) {
            Dial last = dials.get(peer.host());
            if (last == null || now < last.settled) {
                graph.add(peer.host(), peer.site());
            }
        }
        return swarms.neighbours(graph);
    }

    private boolean isDue(String host, long now) {
        Dial last = dials.get(host);
        return last == null || now >= last.again;
    }

    private void save() {
        try {
            book.save();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "address book not written: cause={0}", e.getMessage());
        }
    }

    /// The same seen from either end.
    private Hash rank(String other) {
        String pair = self.compareTo(other) < 0 ? self + " " + other : other + " " + self;
        return Hash.of(pair.getBytes(StandardCharsets.UTF_8));
    }
}
