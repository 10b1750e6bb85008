package dev.muster.protocol.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.EntryAdapter;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.map.MapEvent;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.replicatedmap.ReplicatedMap;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The view that is shared among the members of a Hazelcast cluster, of which this node is one.
///
/// One replicated map, from a member's UUID to its presence as bytes; and from the UUID with `/attached` to the
/// presences of those that are attached to it. An entry counts while its member is in the cluster, so a node
/// that dies is gone when its member is: at once if its connections break, after 15 s if it falls silent.
/// Entries also live only 30 s and are written again every 10 s, so that the map keeps nothing that nobody
/// reads. One virtual thread writes the entry and calls the listeners.
public final class HazelcastFleet implements Fleet {
    private static final Logger LOG = System.getLogger(HazelcastFleet.class.getName());

    /// Hazelcast warns by the page whenever a node goes away, which is normal life here. So it is limited to
    /// SEVERE where no configuration says otherwise. The log manager forgets a logger that nobody holds.
    private static final java.util.logging.Logger HAZELCAST_LOG = java.util.logging.Logger.getLogger("com.hazelcast");

    private static final String MAP_NAME = "presence";
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final int ENTRY_SECONDS = 30;
    private static final Duration REPUBLICATION = Duration.ofSeconds(10);

    /// What is behind a member's UUID in the key of those for whom it vouches.
    private static final String ATTACHED = "/attached";

    /// Between two writes, or two calls of the listeners: what changes faster is told together.
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final HazelcastInstance hazelcast;
    private final MemberTls tls;
    private final ReplicatedMap<String, byte[]> map;
    private final AtomicReference<@Nullable Presence> self = new AtomicReference<>();
    private final Vouched vouched = new Vouched(Duration.ofSeconds(ENTRY_SECONDS));
    private final AtomicBoolean unpublished = new AtomicBoolean();
    private final AtomicBoolean changed = new AtomicBoolean();
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread owner;

    private HazelcastFleet(HazelcastInstance hazelcast, MemberTls tls) {
        this.hazelcast = hazelcast;
        this.tls = tls;
        this.map = hazelcast.getReplicatedMap(MAP_NAME);
        this.owner = Thread.ofVirtual().name("fleet").unstarted(this::run);
    }

    /// Starts a member and joins what members there are, or is the first. Returns after about a second; later
    /// for every address to join that does not answer at all.
    ///
    /// @param keys shown to other members; renewing them is enough
    /// @param trust in other members: hosts and coordinators
    /// @throws BadConfiguration if the address cannot be listened on, or this is not the Hazelcast that is expected
    public static HazelcastFleet open(ClusterSettings settings, TlsKeys keys, FleetTrust trust)
            throws BadConfiguration {
        return open(settings, new MemberTls(keys, trust, HANDSHAKE));
    }

    static HazelcastFleet open(ClusterSettings settings, MemberTls tls) throws BadConfiguration {
        Hardening.check(Hardening.version(), System.getProperties().stringPropertyNames());
        if (HAZELCAST_LOG.getLevel() == null) {
            HAZELCAST_LOG.setLevel(java.util.logging.Level.SEVERE);
        }
        Config config = MemberConfig.of(settings, MAP_NAME);
        HazelcastInstance hazelcast = start(config, settings.address(), tls);
        try {
            Hardening.check(MemberConfig.of(settings, MAP_NAME), hazelcast.getConfig());
        } catch (BadConfiguration e) {
            hazelcast.getLifecycleService().terminate();
            tls.close();
            throw e;
        }
        HazelcastFleet fleet = new HazelcastFleet(hazelcast, tls);
        fleet.start();
        return fleet;
    }

    private static HazelcastInstance start(Config config, Address address, MemberTls tls) throws BadConfiguration {
        try {
            return HazelcastInstanceFactory.newHazelcastInstance(
                    config, HazelcastInstanceFactory.createInstanceName(config), new TlsNodeContext(tls));
        } catch (HazelcastException | IllegalStateException e) {
            tls.close();
            throw new BadConfiguration(
                    "cluster address " + address + ": expected to become a member there, found " + e.getMessage());
        }
    }

    private void start() {
        Changes changes = new Changes();
        map.addEntryListener(changes);
        hazelcast.getCluster().addMembershipListener(changes);
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.MERGED) {
                ring(unpublished);
            }
        });
        owner.start();
        LOG.log(
                Level.INFO,
                "cluster joined: address={0} members={1}",
                address(),
                members().size());
    }

    /// Where this member listens, with the port that it really has.
    public Address address() {
        return addressOf(hazelcast.getCluster().getLocalMember());
    }

    /// Where the members are, this one among them: to be remembered, and joined after a restart.
    public List<Address> members() {
        return hazelcast.getCluster().getMembers().stream()
                .map(HazelcastFleet::addressOf)
                .toList();
    }

    /// Whether this member is one of the first `most`, in the order of their addresses.
    public boolean isOneOf(int most) {
        List<String> members =
                members().stream().map(Address::toString).sorted().toList();
        int place = members.indexOf(address().toString());
        return place < most;
    }

    /// Who is at this member's door and inside.
    Doorkeeper doorkeeper() {
        return tls.doorkeeper();
    }

    @Override
    public void trust(FleetTrust trust) {
        tls.trust(trust);
        sendAwayRevoked();
    }

    @Override
    public void sendAwayRevoked() {
        tls.doorkeeper().sendAwayRevoked();
    }

    @Override
    public void publish(Presence presence) {
        self.set(presence);
        ring(unpublished);
    }

    @Override
    public void vouch(Presence attached) {
        vouched.put(attached);
        ring(unpublished);
    }

    @Override
    public Collection<Presence> present() {
        Presence own = self.get();
        Map<String, Presence> present = new HashMap<>();
        try {
            for (Member member : hazelcast.getCluster().getMembers()) {
                List<Presence> attached = read(key(member) + ATTACHED, Vouched::decode, List.of());
                attached.forEach(presence -> present.put(presence.id(), presence));
            }
            // What a node says as a member goes before what was said for it.
            for (Member member : hazelcast.getCluster().getMembers()) {
                Optional<Presence> said =
                        read(key(member), bytes -> Optional.of(PresenceCodec.decode(bytes)), Optional.empty());
                said.ifPresent(presence -> present.put(presence.id(), presence));
            }
        } catch (HazelcastInstanceNotActiveException _) {
            return List.of(); // It was closed, or stopped by itself.
        }
        if (own != null) {
            present.put(own.id(), own);
        }
        return List.copyOf(present.values());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        owner.interrupt();
        // Leaving with grace would wait for the others; nothing here is worth that.
        hazelcast.getLifecycleService().terminate();
        tls.close();
        try {
            owner.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Decoder<T> {
        T decode(byte[] bytes) throws Corrupt;
    }

    /// What a member says. What does not decode is as good as not there: any member may write anything, also under keys
    /// that are none, so they are never listed.
    private <T> T read(String key, Decoder<T> decoder, T otherwise) {
        try {
            Object bytes = map.get(key);
            return bytes instanceof byte[] known ? decoder.decode(known) : otherwise;
        } catch (Corrupt | HazelcastSerializationException e) {
            LOG.log(Level.DEBUG, "presence dropped: key={0} why={1}", key, e.getMessage());
            return otherwise;
        }
    }

    private void ring(AtomicBoolean why) {
        why.set(true);
        bell.offer(true);
    }

    private void run() {
        long published = System.nanoTime() - REPUBLICATION.toNanos();
        try {
            while (true) {
                bell.poll(REPUBLICATION.toNanos() - (System.nanoTime() - published), TimeUnit.NANOSECONDS);
                if (unpublished.getAndSet(false) || System.nanoTime() - published >= REPUBLICATION.toNanos()) {
                    published = System.nanoTime();
                    write();
                }
                if (changed.getAndSet(false)) {
                    listeners.forEach(Runnable::run);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException | HazelcastInstanceNotActiveException _) {
            // Closed.
        }
    }

    private void write() {
        Presence presence = self.get();
        if (presence == null) {
            return;
        }
        try {
            String key = key(hazelcast.getCluster().getLocalMember());
            map.put(key, PresenceCodec.encode(presence), ENTRY_SECONDS, TimeUnit.SECONDS);
            map.put(key + ATTACHED, vouched.encode(), ENTRY_SECONDS, TimeUnit.SECONDS);
        } catch (HazelcastInstanceNotActiveException e) {
            throw e;
        } catch (HazelcastException e) {
            LOG.log(Level.WARNING, "presence not published, will try again: why={0}", e.getMessage());
        }
    }

    private static String key(Member member) {
        return member.getUuid().toString();
    }

    private static Address addressOf(Member member) {
        return new Address(member.getAddress().getHost(), member.getAddress().getPort());
    }

    /// Hazelcast's threads only ring.
    private final class Changes extends EntryAdapter<String, byte[]> implements MembershipListener {
        @Override
        public void onEntryEvent(EntryEvent<String, byte[]> event) {
            ring(changed);
        }

        @Override
        public void onMapEvent(MapEvent event) {
            ring(changed);
        }

        @Override
        public void memberAdded(MembershipEvent event) {
            ring(changed);
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            ring(changed);
        }
    }
}
