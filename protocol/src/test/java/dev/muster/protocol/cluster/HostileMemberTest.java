package dev.muster.protocol.cluster;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An enrolled host may have fallen into other hands. What it writes as a member must do no harm.
class HostileMemberTest {
    private static final Presence SELF = presence("a");

    private HazelcastFleet fleet;
    private HazelcastInstance hostile;
    private HostileMember member;
    private final Set<Subject> revoked = ConcurrentHashMap.newKeySet();

    /// Notices when it is deserialised.
    static final class Gadget implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        static final AtomicBoolean SPRUNG = new AtomicBoolean();

        @Serial
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            SPRUNG.set(true);
        }
    }

    /// Hazelcast would make one without being told how.
    record Unasked(String text) {}

    @BeforeEach
    void start() throws Exception {
        Address anyPort = new Address("127.0.0.1", 0);
        FleetFixture test = new FleetFixture("test");
        fleet = HazelcastFleet.open(
                new ClusterSettings("test", anyPort, List.of()),
                test.keys("a", Role.HOST),
                test.trust().without(revoked::contains));
        fleet.publish(SELF);
        member = HostileMember.join("test", List.of(fleet.address()), test.keys("b", Role.HOST), test.trust());
        hostile = member.hazelcast();
        assertEquals(2, hostile.getCluster().getMembers().size());
    }

    @AfterEach
    void stop() {
        member.close();
        fleet.close();
    }

    @Test
    void whatDoesNotDecodeIsAsGoodAsNotThere() throws Exception {
        List<Object> values =
                List.of(new byte[] {1, 2, 3}, new byte[PresenceCodec.BYTES_MAX + 1], "text", 7L, new Unasked("x"));

        for (Object value : values) {
            write(ownKey(), value);
            assertEquals(List.of(SELF), List.copyOf(fleet.present()), value.toString());
        }

        write(ownKey(), PresenceCodec.encode(presence("b")));
        eventually("what decodes is seen", () -> fleet.present().size() == 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStrangersClassIsNeverMade(boolean inAList) throws Exception {
        Gadget.SPRUNG.set(false);

        write(ownKey(), inAList ? new ArrayList<>(List.of(new Gadget())) : new Gadget());

        assertEquals(List.of(SELF), List.copyOf(fleet.present()));
        assertFalse(Gadget.SPRUNG.get());
    }

    @Test
    void whatIsUnderNobodysNameIsNotSeen() throws Exception {
        write("nobody", PresenceCodec.encode(presence("b")));
        write(7L, PresenceCodec.encode(presence("c")));

        assertEquals(List.of(SELF), List.copyOf(fleet.present()));
    }

    @Test
    void aClientIsNotLetIn() {
        ClientConfig config =
                new ClientConfig().setClusterName(hostile.getConfig().getClusterName());
        config.setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().addAddress(fleet.address().toString());
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(500);

        assertThrows(IllegalStateException.class, () -> HazelcastClient.newHazelcastClient(config));
    }

    @Test
    void oneThatIsRevokedIsSentAwayAndStaysOut() throws Exception {
        write(ownKey(), PresenceCodec.encode(presence("b")));
        eventually("it is there", () -> fleet.present().size() == 2);

        revoked.add(new Subject("test", Role.HOST, "b"));
        long before = fleet.doorkeeper().refusals();
        fleet.sendAwayRevoked();

        eventually("it is sent away", () -> fleet.doorkeeper().inside() == 0);
        hostile.getReplicatedMap("presence").put(ownKey(), PresenceCodec.encode(presence("c")));
        eventually("it came again and was not let in", () -> fleet.doorkeeper().refusals() > before);
        assertEquals(0, fleet.doorkeeper().inside());
        assertFalse(fleet.present().contains(presence("c")));
    }

    private String ownKey() {
        return hostile.getCluster().getLocalMember().getUuid().toString();
    }

    /// Returns when the fleet has heard of it.
    private void write(Object key, Object value) throws InterruptedException {
        Semaphore changes = new Semaphore(0);
        fleet.onChange(changes::release);
        hostile.getReplicatedMap("presence").put(key, value);
        changes.acquire();
    }

    private static Presence presence(String id) {
        return new Presence(
                Kind.AGENT,
                new PeerAddress(id, "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                0,
                List.of());
    }
}
