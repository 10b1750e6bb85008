package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.enrol.Member;
import dev.muster.protocol.Eventually;
import dev.muster.protocol.cluster.HostileMember;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.TlsPeerNetwork;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One of three hosts is hostile and a member of the cluster, in which it erases, rewrites and floods all
/// that there is. The others go on to get what was signed, and nothing else.
final class HostileMemberEndToEndTest {
    private static final int LENGTH = 8 << 20;
    private static final int VERSIONS = 3;
    private static final int ROUNDS = 5;

    /// Nobody is there.
    private static final Address LIES = new Address("127.0.0.1", 9);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(4);

    @Test
    void theOthersGoOnToGetWhatWasSigned(@TempDir Path directory) throws Exception {
        try (FleetOnOneMachine fleet = new FleetOnOneMachine(directory, List.of(List.of(), List.of(), List.of()))) {
            fleet.start();
            fleet.stop(3);
            Versions versions = new Versions(5, LENGTH, LENGTH, 0, 1 << 16);
            try (Member fallen = Member.load(Path.of(fleet.home(3)));
                    HostileMember hostile = HostileMember.join(
                            fallen.enrolled().fleet(),
                            fallen.enrolled().cluster(),
                            fallen.keys(),
                            fallen.clusterTrust())) {
                assertTrue(hostile.members() >= 4, "members: " + hostile.members());
                for (int version = 1; version <= VERSIONS; version++) {
                    Path image = directory.resolve("image-" + version);
                    versions.writeNext(image);
                    hostile.rampage(random, LIES);
                    fleet.publish(image, "disk:" + version);
                    fleet.run("rollout", "start", "disk:" + version, "--group", "all");
                    for (int i = 0; i < ROUNDS; i++) {
                        hostile.rampage(random, LIES);
                    }
                    Eventually.eventually(
                            "both run version " + version, () -> runs(fleet, 1, image) && runs(fleet, 2, image));
                }
            }
        }
    }

    @Test
    @Tag("long")
    void aRevokedMemberIsCutOffByAll(@TempDir Path directory) throws Exception {
        try (FleetOnOneMachine fleet = new FleetOnOneMachine(directory, List.of(List.of(), List.of(), List.of()))) {
            fleet.start();
            fleet.stop(3);
            try (Member fallen = Member.load(Path.of(fleet.home(3)));
                    HostileMember hostile = HostileMember.join(
                            fallen.enrolled().fleet(),
                            fallen.enrolled().cluster(),
                            fallen.keys(),
                            fallen.clusterTrust())) {
                theyShutItOut(fleet, fallen, hostile);
            }
        }
    }

    /// Live connections are cut by all, those of the cluster and those of peers.
    private static void theyShutItOut(FleetOnOneMachine fleet, Member fallen, HostileMember hostile) throws Exception {
        try (TlsPeerNetwork peer = TlsPeerNetwork.open(
                new Address("127.0.0.1", 0),
                "default",
                fallen.keys(),
                fallen.peerTrust(),
                LinkLimits.defaults(),
                new DeafListener())) {
            for (PeerAddress other : fallen.upstream().peers("default")) {
                peer.connect(other);
            }
            Eventually.eventually("it is linked with both", () -> peer.links() == 2);

            Ended revoked = fleet.run("host", "revoke", fallen.enrolled().host(), "--keys", fleet.path("fleet/keys"));

            assertEquals(0, revoked.exit(), revoked::toString);
            Eventually.eventually("no peer talks with it", () -> peer.links() == 0);
            Eventually.eventually("no member does", () -> hostile.members() == 1);
        }
    }

    private static boolean runs(FleetOnOneMachine fleet, int agent, Path image) {
        try {
            Path current = fleet.current(agent, "disk");
            return Files.exists(current) && Files.mismatch(image, current) == -1;
        } catch (IOException _) {
            return false; // It is being switched.
        }
    }
}
