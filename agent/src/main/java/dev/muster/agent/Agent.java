package dev.muster.agent;

import dev.muster.agent.activate.Activator;
import dev.muster.agent.activate.VolumeWriter;
import dev.muster.agent.control.ControlServer;
import dev.muster.agent.delivery.AddressBook;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.delivery.Neighbours;
import dev.muster.agent.delivery.Pools;
import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.delivery.Traffic;
import dev.muster.agent.document.DocumentSync;
import dev.muster.agent.document.Documents;
import dev.muster.agent.document.Upstream;
import dev.muster.agent.enrol.Member;
import dev.muster.agent.keep.Keeper;
import dev.muster.agent.keep.LastCopies;
import dev.muster.agent.limit.Throttle;
import dev.muster.agent.upkeep.HostRoots;
import dev.muster.agent.upkeep.PeerRepair;
import dev.muster.agent.upkeep.Scrubber;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.volume.Targets;
import dev.muster.chunkstore.volume.Tools;
import dev.muster.chunkstore.volume.Volumes;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.config.SettingsFile;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.net.TlsPeerNetwork;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The agent of one host, from its disk to its peers. [#open] starts it in this order, and this order is how it works:
///
/// ```
/// store ── swarms ── network ── neighbours       chunks, and who else has them
///            │
/// documents ─┴─ sync                             what was signed, from coordinators and peers
///            │
///        activator                               what a pin asks for: fetch, write, switch
///            │
///         keeper                                 what stays here for the fleet, pinned or not
///            │
///   control, heartbeat                           the command line on this host; reports; presence in the cluster
/// ```
/// Several can run in one process.
public final class Agent implements Closeable {
    /// How many chunks an image is written from at a time.
    private static final int CHUNKS_AT_ONCE = 8;

    private final Closing closing;
    private final Member member;
    private final PeerNetwork network;

    private Agent(Closing closing, Member member, PeerNetwork network) {
        this.closing = closing;
        this.member = member;
        this.network = network;
    }

    /// Starts the agent of a host that is enrolled.
    ///
    /// @param member who this host is
    /// @param runtime its directory for lock and socket
    public static Agent open(Path home, Path runtime, AgentConfig config, Member member) throws IOException {
        Closing closing = new Closing();
        try {
            return open(home, runtime, config, member, closing);
        } catch (IOException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static Agent open(Path home, Path runtime, AgentConfig config, Member member, Closing closing)
            throws IOException {
        InstantSource clock = InstantSource.system();
        FrameCodec codec = closing.add(new FrameCodec());
        SegmentStore store = closing.add(store(home, runtime, config.store(), codec));
        Pools pools = closing.add(Pools.open());
        Documents documents = documents(home, config, member, clock);
        Upstream upstream = member.upstream();

        SiteShare share = new SiteShare(member.enrolled().site());
        Throttle throttle =
                new Throttle(member.enrolled().site(), config.swarm().host(), share);
        Swarms swarms = closing.add(
                new Swarms(store, codec, pools, throttle, new Traffic(), setting(config, member, documents)));
        Delivery delivery = new Delivery(store, swarms, new CoordinatorHeads(upstream));
        AddressBook book = AddressBook.open(home.resolve("peers"));
        Clusters clusters = closing.add(clusters(home, config, member, documents, swarms));
        Fleet fleet = clusters.fleet();

        Volumes volumes =
                closing.add(Volumes.open(store, Targets.ofThisHost(), new Tools(codec, pools.cpu(), CHUNKS_AT_ONCE)));
        VolumeWriter writer = new VolumeWriter(store, volumes, delivery);
        Activator.Writing writing = writing(codec, pools, writer, config);
        Activator.Tools tools = tools(store, delivery, writing, config.activate(), clock);
        Activator activator = closing.add(activator(home, member, documents, tools));
        Keeper.Tools keeping = new Keeper.Tools(documents, upstream, delivery, activator::isBusy, clock);
        Keeper keeper =
                closing.add(Keeper.open(home.resolve("keep"), config.store().keep(), keeping));
        LastCopies last = new LastCopies(documents, delivery::whole, swarms::isLast);
        store.addRoots(roots(activator, keeper, last, delivery));
        Scrubber scrubber = closing.add(new Scrubber(
                store, new PeerRepair(store, delivery), config.store().scrub()));
        DocumentSync sync = closing.add(new DocumentSync(documents, upstream, swarms.gets()::document));
        Events events = new Events(documents, delivery, new Events.Around(book, clusters), activator, swarms, sync);
        swarms.start(events);

        TlsPeerNetwork network = closing.add(network(config, member, swarms));
        Doorkeeper doorkeeper = new Doorkeeper(documents, member, network, fleet);
        Neighbours neighbours = closing.add(
                new Neighbours(member.enrolled().host(), config.swarm().neighbours(), network, swarms, fleet, book));
        Heartbeat.Around around = new Heartbeat.Around(book, share, throttle);
        Heartbeat.Parts parts = new Heartbeat.Parts(activator, swarms, delivery, keeper, documents, around);
        Heartbeat heartbeat = closing.add(new Heartbeat(member, network, fleet, parts));
        References references = new References(store, documents, upstream);
        LocalOrders orders = new LocalOrders(documents, references, delivery, () -> {
            events.run();
            doorkeeper.run();
            keeper.look();
        });
        AgentDoor.Upkeep upkeep = new AgentDoor.Upkeep(keeper, last, scrubber, writer, tuning(home, throttle, config));
        closing.add(ControlServer.open(runtime, new AgentDoor(store, codec, delivery, orders, heartbeat, upkeep)));
        delivery.serveInstalled();
        neighbours.start();
        sync.start(orders.changed());
        activator.start();
        keeper.start();
        scrubber.start();
        heartbeat.start();
        return new Agent(closing, member, network);
    }

    private static Clusters clusters(Path home, AgentConfig config, Member member, Documents documents, Swarms swarms)
            throws IOException {
        return Clusters.open(
                config, member, () -> member.clusterTrust(documents.roots()), home.resolve("cluster"), swarms);
    }

    private static HostRoots roots(Activator activator, Keeper keeper, LastCopies last, Delivery delivery) {
        return new HostRoots(List.of(activator::manifests, keeper::manifests), last::manifests, delivery::removed);
    }

    private static Tuning tuning(Path home, Throttle throttle, AgentConfig config) {
        return new Tuning(
                new SettingsFile(home.resolve(AgentConfig.FILE)),
                throttle,
                config.swarm().given());
    }

    private static Activator.Writing writing(FrameCodec codec, Pools pools, VolumeWriter writer, AgentConfig config) {
        return new Activator.Writing(
                new Assembler(codec, pools.cpu(), CHUNKS_AT_ONCE),
                writer,
                config.activate().inPlace());
    }

    private static SegmentStore store(Path home, Path runtime, AgentConfig.Store config, FrameCodec codec)
            throws IOException {
        return SegmentStore.open(config.path().orElse(home.resolve("store")), runtime, config.settings(), codec);
    }

    private static Documents documents(Path home, AgentConfig config, Member member, InstantSource clock)
            throws IOException {
        Documents documents = Documents.open(
                home.resolve("documents"),
                member.enrolled().roots(),
                config.activate().fit(),
                clock);
        member.shutOut(documents::isRevoked);
        return documents;
    }

    private static Swarms.Setting setting(AgentConfig config, Member member, Documents documents) {
        return new Swarms.Setting(
                member.enrolled().host(),
                member.enrolled().site(),
                config.swarm().limits(),
                documents::bytes,
                Documents::nameOf);
    }

    private static Activator.Tools tools(
            SegmentStore store,
            Delivery delivery,
            Activator.Writing writing,
            AgentConfig.Activate config,
            InstantSource clock) {
        return new Activator.Tools(store, delivery, writing, config.hook(), config.keepPrevious(), clock);
    }

    private static Activator activator(Path home, Member member, Documents documents, Activator.Tools tools) {
        Activator.Self self = new Activator.Self(
                member.enrolled().host(), () -> member.enrolled().labels());
        return new Activator(home.resolve("images"), self, documents, tools);
    }

    private static TlsPeerNetwork network(AgentConfig config, Member member, Swarms swarms) throws IOException {
        return TlsPeerNetwork.open(
                config.address(),
                member.enrolled().site(),
                member.keys(),
                member.peerTrust(),
                LinkLimits.defaults(),
                swarms);
    }

    public Member member() {
        return member;
    }

    public PeerNetwork network() {
        return network;
    }

    @Override
    public void close() {
        closing.close();
    }
}
