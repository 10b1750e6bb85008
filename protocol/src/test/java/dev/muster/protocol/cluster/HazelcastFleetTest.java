package dev.muster.protocol.cluster;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HazelcastFleetTest extends FleetContract {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);

    private final List<Address> known = new ArrayList<>();
    private final FleetFixture test = new FleetFixture("test");
    private int members;

    @Override
    Fleet join() throws MusterException {
        HazelcastFleet fleet = open(new ClusterSettings("test", ANY_PORT, known));
        known.add(fleet.address());
        return fleet;
    }

    private HazelcastFleet open(ClusterSettings settings) throws MusterException {
        return HazelcastFleet.open(settings, keys(), test.trust());
    }

    private TlsKeys keys() throws MusterException {
        members++;
        return test.keys("host-" + members, Role.HOST);
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
    void whoComesBackFindsTheClusterThatWentOn(@TempDir Path directory) throws Exception {
        SeenMembers seen = new SeenMembers(directory.resolve("cluster"));
        HazelcastFleet first = seen.open(new ClusterSettings("test", ANY_PORT, List.of()), keys(), test.trust());
        known.add(first.address());
        try (Fleet other = join()) {
            eventually("it is remembered", () -> Files.exists(directory.resolve("cluster")));
            first.close();

            try (HazelcastFleet back =
                    seen.open(new ClusterSettings("test", ANY_PORT, List.of()), keys(), test.trust())) {
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
                HazelcastFleet stranger = open(new ClusterSettings("other", ANY_PORT, known))) {
            assertEquals(1, ((HazelcastFleet) a).members().size());
            assertEquals(1, stranger.members().size());
        }
    }

    @Test
    void aPortInUseIsRefusedByItsAddress() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address address = new Address("127.0.0.1", taken.getLocalPort());
            ClusterSettings settings = new ClusterSettings("test", address, List.of());

            BadConfiguration refused = assertThrows(BadConfiguration.class, () -> open(settings));

            assertTrue(refused.toString().contains(address.toString()), refused.toString());
            assertTrue(refused.toString().contains("in use"), refused.toString());
        }
    }
}
