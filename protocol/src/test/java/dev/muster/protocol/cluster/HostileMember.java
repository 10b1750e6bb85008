package dev.muster.protocol.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.replicatedmap.ReplicatedMap;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A host of the fleet that has fallen into other hands: with its certificate it is a member like others, and with
/// Hazelcast's own interface it does what it likes to all that members share.
public final class HostileMember implements AutoCloseable {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);
    private static final int FLOOD = 200;
    private static final int ENTRY_BYTES = 10_000;

    private final MemberTls tls;
    private final HazelcastInstance hazelcast;

    private HostileMember(MemberTls tls, HazelcastInstance hazelcast) {
        this.tls = tls;
        this.hazelcast = hazelcast;
    }

    public static HostileMember join(String fleet, List<Address> members, TlsKeys keys, FleetTrust trust)
            throws BadConfiguration {
        Config config = MemberConfig.of(new ClusterSettings(fleet, ANY_PORT, members), "presence");
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(null)
                .getCompactSerializationConfig()
                .setZeroConfigFilter(null);
        MemberTls tls = new MemberTls(keys, trust, Duration.ofSeconds(10));
        return new HostileMember(
                tls,
                HazelcastInstanceFactory.newHazelcastInstance(
                        config, HazelcastInstanceFactory.createInstanceName(config), new TlsNodeContext(tls)));
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    /// How many members there are, as it sees it.
    public int members() {
        return hazelcast.getCluster().getMembers().size();
    }

    /// Erases what all say of themselves, says other things in their names, and fills every kind of structure.
    ///
    /// @param lies where it says that everybody is
    public void rampage(RandomGenerator random, Address lies) {
        ReplicatedMap<Object, Object> presences = hazelcast.getReplicatedMap("presence");
        try {
            presences.clear();
            int number = 0;
            for (Member member : hazelcast.getCluster().getMembers()) {
                number++;
                presences.put(member.getUuid().toString(), lie(number, lies, random));
            }
            for (int i = 0; i < FLOOD; i++) {
                byte[] noise = new byte[ENTRY_BYTES];
                random.nextBytes(noise);
                presences.put("noise-" + random.nextInt(FLOOD), noise);
                hazelcast.getMap("noise").put(random.nextInt(FLOOD), noise);
                hazelcast.getTopic("noise").publish(noise);
                hazelcast.getQueue("noise").poll();
                hazelcast.getQueue("noise").offer(noise);
                hazelcast.getSet("noise").add(random.nextInt(FLOOD));
            }
        } catch (HazelcastException e) {
            // Some of it is not to be had.
            System.getLogger(HostileMember.class.getName()).log(System.Logger.Level.DEBUG, "refused", e);
        }
    }

    private static Object lie(int number, Address lies, RandomGenerator random) {
        Presence presence = new Presence(
                random.nextBoolean() ? Kind.AGENT : Kind.COORDINATOR,
                new PeerAddress("h" + number, "nowhere", lies),
                Optional.of(lies),
                Map.of(),
                Long.MAX_VALUE,
                List.of());
        return switch (random.nextInt(4)) {
            case 0 -> new byte[] {1};
            case 1 -> "text";
            case 2 -> new byte[PresenceCodec.BYTES_MAX + 1];
            default -> PresenceCodec.encode(presence);
        };
    }

    @Override
    public void close() {
        hazelcast.getLifecycleService().terminate();
        tls.close();
    }
}
