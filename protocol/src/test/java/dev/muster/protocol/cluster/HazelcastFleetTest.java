package dev.muster.protocol.cluster;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HazelcastFleetTest extends FleetContract {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);

    private final List<Address> known = new ArrayList<>();

    @Override
    Fleet join() throws MusterException {
        HazelcastFleet fleet = HazelcastFleet.open(new ClusterSettings("test", ANY_PORT, known, false));
        known.add(fleet.address());
        return fleet;
    }

    @Test
    void theMembersCanBeRemembered() throws Exception {
        try (Fleet a = join();
                Fleet b = join()) {
            assertEquals(Set.copyOf(known), Set.copyOf(((HazelcastFleet) a).members()));
            assertEquals(Set.copyOf(known), Set.copyOf(((HazelcastFleet) b).members()));
        }
    }

    @Test
    void whoIsNotInTheClusterIsSeenIfAMemberVouchesForIt() throws Exception {
        Presence attached = new Presence(
                Presence.Kind.AGENT,
                new PeerAddress("attached", "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                1,
                List.of());
        Presence self = new Presence(
                Presence.Kind.AGENT,
                new PeerAddress("a", "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                1,
                List.of());
        try (Fleet a = join();
                Fleet b = join()) {
            a.publish(self);
            a.vouch(attached);

            eventually(
                    "both see both",
                    () -> Set.copyOf(b.present()).equals(Set.of(self, attached))
                            && Set.copyOf(a.present()).equals(Set.of(self, attached)));
            assertTrue(((HazelcastFleet) a).isOneOf(2));
            assertEquals(
                    1,
                    Stream.of(a, b)
                            .filter(each -> ((HazelcastFleet) each).isOneOf(1))
                            .count());
        }
    }

    @Test
    void whoComesBackFindsTheClusterThatWentOn(@TempDir Path directory) throws Exception {
        SeenMembers seen = new SeenMembers(directory.resolve("cluster"));
        HazelcastFleet first = seen.open(new ClusterSettings("test", ANY_PORT, List.of(), false));
        known.add(first.address());
        try (Fleet other = join()) {
            eventually("it is remembered", () -> Files.exists(directory.resolve("cluster")));
            first.close();

            try (HazelcastFleet back = seen.open(new ClusterSettings("test", ANY_PORT, List.of(), false))) {
                assertTrue(back.members().contains(((HazelcastFleet) other).address()), "members " + back.members());
            }
        }
    }

    @Test
    void aMemberThatHasStoppedSeesNobody() throws Exception {
        Fleet stopped = join();
        stopped.close();

        assertEquals(List.of(), List.copyOf(stopped.present()));
    }

    @Test
    void membersThatAreNotThereDoNotKeepOneFromStarting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            known.add(new Address("127.0.0.1", taken.getLocalPort()));
        }

        try (Fleet a = join()) {
            assertEquals(1, ((HazelcastFleet) a).members().size());
        }
    }

    @Test
    void anotherFleetIsAnotherCluster() throws Exception {
        try (Fleet a = join();
                HazelcastFleet stranger = HazelcastFleet.open(new ClusterSettings("other", ANY_PORT, known, false))) {
            assertEquals(1, ((HazelcastFleet) a).members().size());
            assertEquals(1, stranger.members().size());
        }
    }

    @Test
    void aPortInUseIsRefusedByItsAddress() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address address = new Address("127.0.0.1", taken.getLocalPort());
            ClusterSettings settings = new ClusterSettings("test", address, List.of(), false);

            BadConfiguration refused = assertThrows(BadConfiguration.class, () -> HazelcastFleet.open(settings));

            assertTrue(refused.toString().contains(address.toString()), refused.toString());
            assertTrue(refused.toString().contains("in use"), refused.toString());
        }
    }

    @Test
    void anAddressThatIsNotLoopbackIsRefusedUnlessPlainTextIsAllowed() {
        Address wide = new Address("0.0.0.0", 7411);
        Address far = new Address("192.0.2.1", 7411);

        assertThrows(
                BadConfiguration.class, () -> HazelcastFleet.open(new ClusterSettings("test", wide, List.of(), false)));
        assertThrows(
                BadConfiguration.class,
                () -> HazelcastFleet.open(new ClusterSettings("test", ANY_PORT, List.of(far), false)));
    }
}
