package dev.muster.agent.delivery;

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
    private final RateLimit upload;
    private final Traffic traffic;
    private final Setting setting;
    private final Map<ManifestId, SwarmLoop> loops = new ConcurrentHashMap<>();
    private final Map<Integer, SwarmLoop> slots = new ConcurrentHashMap<>();
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private final Set<String> blamed = ConcurrentHashMap.newKeySet();
    private final Gets gets;
    private final HeaderGets headerGets;
    private final Answers answers;
    private final LoopHost loopHost = new LoopHost();
    private volatile Listener listener = new Unheard();

    public Swarms(ChunkStore store, FrameCodec codec, Pools pools, RateLimit upload, Traffic traffic, Setting setting) {
        this.store = store;
        this.codec = codec;
        this.pools = pools;
        this.upload = upload;
        this.traffic = traffic;
        this.setting = setting;
        this.gets = new Gets(this::connections, setting.documentName);
        this.headerGets = new HeaderGets(this::connections);
        this.answers = new Answers(
                store,
                setting.documents,
                id -> Optional.ofNullable(loops.get(id)).map(SwarmLoop::manifest));
    }

    /// What the swarms are told of the program around them.
    ///
    /// @param site this host's
    /// @param documents the signed documents that peers may ask for, by name
    /// @param documentName the name of a signed document, if the bytes are one
    public record Setting(
            String site,
            Limits limits,
            Function<Hash, Optional<byte[]>> documents,
            Function<byte[], Optional<Hash>> documentName) {}

    /// Hears what happens to the swarms. Calls come from many threads and must be quick.
    public interface Listener {
        /// The image is whole here, and durable.
        void complete(Manifest manifest);

        /// A chunk of an image that was whole here is gone.
        void incomplete(ManifestId manifest);

        /// The store could not keep a chunk; the swarm has stopped.
        void failed(Manifest manifest, IOException cause);

        /// A peer has these documents.
        void documents(String peer, List<Hash> hashes);

        /// A peer knows these hosts.
        void peers(List<PeerAddress> peers);

        void connected(PeerLink link);

        void disconnected(String peer, String why);
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
        SwarmLoop loop = new SwarmLoop(manifest, freeSlot(), have, setting.limits, loopHost);
        connections.values().forEach(loop::up);
        slots.put(loop.slot(), loop);
        loops.put(manifest.id(), loop);
        loop.start();
        return loop;
    }

    /// With all slots taken, a swarm that only serves makes room.
    private int freeSlot() throws StoreRefused {
        if (slots.size() == SwarmLoop.SLOTS) {
            ManifestId served = loops.values().stream()
                    .filter(loop -> !loop.isFetching())
                    .map(loop -> loop.manifest().id())
                    .findFirst()
                    .orElseThrow(() -> new StoreRefused(SwarmLoop.SLOTS + " images are being fetched already"));
            leave(served);
        }
        int slot = 0;
        while (slots.containsKey(slot)) {
            slot++;
        }
        return slot;
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
        SwarmLoop loop = loops.remove(manifest);
        if (loop != null) {
            slots.remove(loop.slot());
            loop.close();
            connections.values().forEach(each -> each.link().send(new Message.Leave(manifest)));
        }
    }

    public List<SwarmProgress> progress() {
        return loops.values().stream().map(SwarmLoop::lastProgress).toList();
    }

    public Optional<SwarmProgress> progress(ManifestId manifest) {
        return Optional.ofNullable(loops.get(manifest)).map(SwarmLoop::lastProgress);
    }

    public Traffic.Totals traffic() {
        return traffic.totals();
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
        Connection connection = new Connection(link, new LinkSender(link, pools.disk(), upload, traffic));
        Connection before;
        synchronized (this) {
            before = connections.put(link.host(), connection);
            connection.sender().start();
            loops.values().forEach(loop -> loop.up(connection));
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
                loops.values().forEach(loop -> loop.down(connection));
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
        switch (message) {
            case Message.Participate participate -> toSwarm(from, participate.manifest(), message);
            case Message.Have have -> toSwarm(from, have.manifest(), message);
            case Message.Gone gone -> toSwarm(from, gone.manifest(), message);
            case Message.Leave leave -> toSwarm(from, leave.manifest(), message);
            case Message.Request request -> toSwarm(from, request.manifest(), message);
            case Message.Credit credit -> toSwarm(from, credit.manifest(), message);
            case Message.Header header -> toAsker(from, header.request(), message);
            case Message.Data data -> toAsker(from, data.request(), message);
            case Message.Refuse refuse -> toAsker(from, refuse.request(), message);
            case Message.Cancel cancel -> {
                from.sender().cancel(cancel.request());
                loops.values().forEach(loop -> loop.said(from, message));
            }
            case Message.GetHead(ManifestId id) -> answers.head(from, id);
            case Message.GetPage(Hash hash) -> answers.page(from, hash);
            case Message.GetDocument(Hash hash) -> answers.document(from, hash);
            case Message.GetHeaders question -> answers.headers(from, question);
            case Message.Headers headers -> answered(from, headers);
            case Message.Head head -> answered(from, head);
            case Message.PageBytes page -> answered(from, page);
            case Message.Document document -> answered(from, document);
            case Message.NotHere(Hash hash) -> {
                gets.notHere(link.host(), hash);
                headerGets.notHere(link.host(), new ManifestId(hash));
            }
            case Message.Documents(List<Hash> hashes) -> listener.documents(link.host(), hashes);
            case Message.Peers(List<PeerAddress> known) -> listener.peers(known);
            case Message.Hello _, Message.Ping _, Message.Pong _ -> {}
        }
    }

    @Override
    public void close() {
        loops.values().forEach(SwarmLoop::close);
        connections.values().forEach(each -> each.sender().close());
    }

    private void toSwarm(Connection from, ManifestId manifest, Message message) {
        SwarmLoop loop = loops.get(manifest);
        if (loop != null) {
            loop.said(from, message);
            return;
        }
        switch (message) {
            case Message.Participate _ -> from.link().send(new Message.Leave(manifest));
            case Message.Request request -> refuse(from, request.request());
            case Message.Credit credit -> refuse(from, credit.request());
            default -> {} // It was told already, or will be.
        }
    }

    private static void refuse(Connection to, int request) {
        to.link().send(new Message.Refuse(request, Message.Refuse.Reason.NOT_HERE, 0));
    }

    private void toAsker(Connection from, int request, Message message) {
        SwarmLoop loop = slots.get(request >>> SwarmLoop.SLOT_SHIFT);
        if (loop != null) {
            loop.said(from, message);
        }
    }

    private void answered(Connection from, Message.Answer answer) {
        if (gets.answered(from.host(), answer) && !(answer instanceof Message.Document)) {
            received(from, answer.bytes().remaining());
        }
    }

    private void answered(Connection from, Message.Headers answer) {
        if (headerGets.answered(from.host(), answer)) {
            received(from, answer.bytes());
        }
    }

    private void received(Connection from, int bytes) {
        traffic.received(bytes, false, from.link().site().equals(setting.site));
    }

    /// Nobody listens yet.
    private static final class Unheard implements Listener {
        @Override
        public void complete(Manifest manifest) {}

        @Override
        public void incomplete(ManifestId manifest) {}

        @Override
        public void failed(Manifest manifest, IOException cause) {}

        @Override
        public void documents(String peer, List<Hash> hashes) {}

        @Override
        public void peers(List<PeerAddress> peers) {}

        @Override
        public void connected(PeerLink link) {}

        @Override
        public void disconnected(String peer, String why) {}
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
        public long seed() {
            return ThreadLocalRandom.current().nextLong();
        }
    }
}
