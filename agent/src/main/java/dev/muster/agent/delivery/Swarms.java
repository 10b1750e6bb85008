package dev.muster.agent.delivery;

import dev.muster.agent.limit.Throttle;
import dev.muster.agent.swarm.Graph;
import dev.muster.agent.swarm.Limits;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.net.PeerListener;
import dev.muster.protocol.wire.Bitfield;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Every swarm of this host, and every connection: what a peer says goes to the swarm that it speaks of.
public final class Swarms implements PeerListener, AutoCloseable {
    private static final Logger LOG = System.getLogger(Swarms.class.getName());

    private final ChunkStore store;
    private final FrameCodec codec;
    private final Pools pools;
    private final Throttle throttle;
    private final Traffic traffic;
    private final Setting setting;
    private final LoopTable loops = new LoopTable();
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private final Set<String> blamed = ConcurrentHashMap.newKeySet();
    private final Gets gets;
    private final HeaderGets headerGets;
    private final Routing routing;
    private final Serving serving;
    private final LoopHost loopHost = new LoopHost();
    private volatile Listener listener = new Listener() {};

    public Swarms(
            ChunkStore store, FrameCodec codec, Pools pools, Throttle throttle, Traffic traffic, Setting setting) {
        this.store = store;
        this.codec = codec;
        this.pools = pools;
        this.throttle = throttle;
        this.serving = new Serving(throttle, new Shrinking(codec, pools));
        this.traffic = traffic;
        this.setting = setting;
        this.gets = new Gets(this::connections, setting.documentName);
        this.headerGets = new HeaderGets(this::connections);
        Answers answers = new Answers(
                store,
                setting.documents,
                id -> Optional.ofNullable(loops.get(id)).map(SwarmLoop::manifest));
        this.routing = new Routing(loops, gets, headerGets, answers, () -> listener, this::count);
    }

    /// What the swarms are told of the program around them.
    ///
    /// @param host this host's id
    /// @param site this host's
    /// @param documents the signed documents that peers may ask for, by name
    /// @param documentName the name of a signed document, if the bytes are one
    public record Setting(
            String host,
            String site,
            Limits limits,
            Function<Hash, Optional<byte[]>> documents,
            Function<byte[], Optional<Hash>> documentName) {}

    /// Hears what happens to the swarms. Calls come from many threads and must be quick.
    public interface Listener {
        /// The image is whole here, and durable.
        default void complete(Manifest manifest) {}

        /// A chunk of an image that was whole here is gone.
        default void incomplete(ManifestId manifest) {}

        /// The store could not keep a chunk; the swarm has stopped.
        default void failed(Manifest manifest, IOException cause) {}

        /// A peer has these documents.
        default void documents(String peer, List<Hash> hashes) {}

        /// A peer knows these hosts.
        default void peers(List<PeerAddress> peers) {}

        /// A peer says what it is, or what another host is.
        default void here(PeerLink from, Message.Here here) {}

        default void connected(PeerLink link) {}

        default void disconnected(String peer, String why) {}
    }

    /// From now on `listener` hears what happens. To be called before there is a network.
    public void start(Listener listener) {
        this.listener = listener;
    }

    /// Takes part in the swarm of a manifest whose head and pages are in the store, and fetches what is missing.
    ///
    /// @throws StoreRefused if this host is in as many swarms as it can be, and fetches in all of them
    public void open(Manifest manifest) throws StoreRefused {
        open(manifest, true);
    }

    /// Takes part in the swarm of a manifest whose head and pages are in the store, without fetching anything, unless
    /// that is going on already.
    ///
    /// @throws StoreRefused as [#open(Manifest)]
    public void hold(Manifest manifest) throws StoreRefused {
        open(manifest, false);
    }

    private void open(Manifest manifest, boolean fetching) throws StoreRefused {
        SwarmLoop open = loops.get(manifest.id());
        if (open == null) {
            open = open(manifest, held(manifest));
        }
        if (fetching) {
            open.fetch();
        }
    }

    private Bitfield held(Manifest manifest) {
        Bitfield have = new Bitfield(manifest.chunks().size());
        for (int chunk = 0; chunk < have.size(); chunk++) {
            if (store.has(manifest.chunks().get(chunk).id())) {
                have.set(chunk);
            }
        }
        return have;
    }

    /// The chunks of a manifest that are not in the store.
    List<Integer> missing(Manifest manifest) {
        return IntStream.range(0, manifest.chunks().size())
                .filter(chunk -> !store.has(manifest.chunks().get(chunk).id()))
                .boxed()
                .toList();
    }

    /// The loop hears of every connection before it can hear from one.
    private synchronized SwarmLoop open(Manifest manifest, Bitfield have) throws StoreRefused {
        SwarmLoop other = loops.get(manifest.id());
        if (other != null) {
            return other;
        }
        loops.inTheWay().ifPresent(this::leave);
        SwarmLoop loop = new SwarmLoop(manifest, loops.freeSlot(), have, setting.limits, loopHost);
        if (have.isFull()) {
            serving.source(manifest);
        }
        connections.values().forEach(loop::up);
        loops.put(loop);
        loop.start();
        return loop;
    }

    /// Chunks of a manifest are in the store no longer; they are fetched again.
    public void lost(ManifestId manifest, List<Integer> chunks) {
        SwarmLoop loop = loops.get(manifest);
        if (loop != null) {
            chunks.forEach(loop::lost);
        }
    }

    /// Leaves the swarm of a manifest.
    public synchronized void leave(ManifestId manifest) {
        loops.remove(manifest).ifPresent(loop -> {
            loop.close();
            tellAll(new Message.Leave(manifest));
        });
    }

    public List<SwarmProgress> progress() {
        return loops.all().stream().map(SwarmLoop::lastProgress).toList();
    }

    public Optional<SwarmProgress> progress(ManifestId manifest) {
        return Optional.ofNullable(loops.get(manifest)).map(SwarmLoop::lastProgress);
    }

    /// Whether the copy here is to outlive others, as far as is known: see [dev.muster.agent.swarm.Swarm#isLast].
    public boolean isLast(ManifestId manifest) {
        SwarmLoop loop = loops.get(manifest);
        return loop == null || loop.isLast();
    }

    /// The limits of everything that passes here.
    public Throttle throttle() {
        return throttle;
    }

    /// What is sent when, and how much of it.
    public Serving serving() {
        return serving;
    }

    public Traffic.Totals traffic() {
        return traffic.totals();
    }

    /// Whom this host should be linked with, as far as `graph` knows the hosts that are there; and lets each swarm know
    /// whether this host may be a gateway for it.
    Set<String> neighbours(Graph graph) {
        Set<String> wanted = new LinkedHashSet<>(graph.neighbours(setting.host));
        for (SwarmLoop loop : loops.all()) {
            wanted.addAll(graph.gatewayLinks(setting.host, loop.image()));
            loop.candidate(graph.candidates(setting.site, loop.image()).contains(setting.host));
        }
        return wanted;
    }

    String site() {
        return setting.site;
    }

    /// See [Traffic#takeByPeer]: for one caller.
    public Map<String, Long> takeTrafficByPeer() {
        return traffic.takeByPeer();
    }

    /// Asks peers for heads, pages and documents.
    public Gets gets() {
        return gets;
    }

    /// Asks peers for the headers of chunks.
    HeaderGets headerGets() {
        return headerGets;
    }

    public Collection<Connection> connections() {
        return connections.values();
    }

    /// Whether any image is being fetched.
    boolean isFetching() {
        return loops.all().stream().anyMatch(SwarmLoop::isFetching);
    }

    /// Closes the link with a host, if there is one.
    void disconnect(String host, String why) {
        Connection connection = connections.get(host);
        if (connection != null) {
            connection.link().close(why);
        }
    }

    public boolean isBlamed(String host) {
        return blamed.contains(host);
    }

    /// Says something to every peer.
    public void tellAll(Message message) {
        connections.values().forEach(each -> each.link().send(message));
    }

    @Override
    public void connected(PeerLink link) {
        if (blamed.contains(link.host())) {
            link.close("it sent wrong bytes before");
            return;
        }
        Connection connection = new Connection(link, new LinkSender(link, pools.disk(), throttle, traffic), throttle);
        Connection before;
        synchronized (this) {
            before = connections.put(link.host(), connection);
            connection.sender().start();
            loops.all().forEach(loop -> loop.up(connection));
        }
        if (before != null) {
            before.sender().close();
        }
        listener.connected(link);
    }

    @Override
    public void closed(PeerLink link, String why) {
        Connection connection = connections.get(link.host());
        if (connection != null && connection.isOver(link)) {
            synchronized (this) {
                connections.remove(link.host(), connection);
                loops.all().forEach(loop -> loop.down(connection));
            }
            connection.sender().close();
            gets.lost(link.host());
            headerGets.lost(link.host());
            listener.disconnected(link.host(), why);
        }
    }

    @Override
    public void drained(PeerLink link) {
        Connection connection = connections.get(link.host());
        if (connection != null && connection.isOver(link)) {
            connection.sender().drained();
        }
    }

    @Override
    public void failed(PeerAddress peer, String why) {
        LOG.log(Level.DEBUG, "peer not reached: peer={0} address={1} why={2}", peer.host(), peer.address(), why);
    }

    @Override
    public void received(PeerLink link, Message message) {
        Connection from = connections.get(link.host());
        if (from == null || !from.isOver(link)) {
            return;
        }
        from.received();
        routing.received(from, message);
    }

    @Override
    public void close() {
        loops.all().forEach(SwarmLoop::close);
        connections.values().forEach(each -> each.sender().close());
    }

    private void count(Connection from, int bytes) {
        traffic.received(from.host(), bytes, false, from.link().site().equals(setting.site));
    }

    /// What each loop sees of this class.
    private final class LoopHost implements SwarmHost {
        @Override
        public ChunkStore store() {
            return store;
        }

        @Override
        public FrameCodec codec() {
            return codec;
        }

        @Override
        public Pools pools() {
            return pools;
        }

        @Override
        public Traffic traffic() {
            return traffic;
        }

        @Override
        public String id() {
            return setting.host;
        }

        @Override
        public String site() {
            return setting.site;
        }

        @Override
        public void blame(String peer, ManifestId manifest) {
            if (blamed.add(peer)) {
                LOG.log(Level.WARNING, "wrong bytes: peer={0} manifest={1}; it is not asked again", peer, manifest);
            }
            Connection connection = connections.get(peer);
            if (connection != null) {
                connection.link().close("it sent wrong bytes");
            }
        }

        @Override
        public void complete(Manifest manifest) throws IOException {
            while (!store.installed().contains(manifest.id())) {
                store.flush();
                try {
                    store.install(manifest);
                } catch (Unreachable e) {
                    // It arrived, and has rotted since.
                    List<Integer> missing = missing(manifest);
                    LOG.log(Level.WARNING, "fetched again: chunks={0} cause={1}", missing.size(), e.getMessage());
                    if (!missing.isEmpty()) {
                        lost(manifest.id(), missing);
                        return;
                    }
                }
            }
            listener.complete(manifest);
        }

        @Override
        public void incomplete(ManifestId manifest) {
            listener.incomplete(manifest);
        }

        @Override
        public void failed(Manifest manifest, IOException cause) {
            leave(manifest.id());
            listener.failed(manifest, cause);
        }

        @Override
        public LinkSender.Terms terms(Manifest manifest, int chunk, int frames, boolean sole) {
            return serving.terms(manifest, chunk, frames, sole);
        }

        @Override
        public long seed() {
            return ThreadLocalRandom.current().nextLong();
        }
    }
}
