package dev.muster.protocol.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures how much longer members take to come together with TLS between them than without: 16 in one JVM, one after
/// the other, in turns. Hazelcast is at home in this package only, so this is here and not among the benchmarks. Run
/// with the classes of the module and its tests: `java -cp ... dev.muster.protocol.cluster.JoinComparison`.
final class JoinComparison {
    private static final int MEMBERS = 16;
    private static final int TURNS = 3;

    private JoinComparison() {}

    public static void main(String[] args) throws IOException {
        FleetFixture fleet = new FleetFixture("bench");
        List<Long> plain = new ArrayList<>();
        List<Long> secured = new ArrayList<>();
        join(fleet, false, 2);
        join(fleet, true, 2);
        for (int turn = 0; turn < TURNS; turn++) {
            plain.add(join(fleet, false, MEMBERS));
            secured.add(join(fleet, true, MEMBERS));
        }
        System.out.printf(
                "%d members join: plain %s ms, TLS %s ms, ratio of the medians %.2f%n",
                MEMBERS, plain, secured, (double) median(secured) / median(plain));
    }

    private static long median(List<Long> times) {
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /// In milliseconds, until the last sees all.
    private static long join(FleetFixture fleet, boolean secured, int count) throws IOException {
        List<HazelcastInstance> members = new ArrayList<>();
        List<MemberTls> tls = new ArrayList<>();
        List<Address> known = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Config config =
                    MemberConfig.of(new ClusterSettings("bench", new Address("127.0.0.1", 0), known), "presence");
            HazelcastInstance member;
            if (secured) {
                tls.add(new MemberTls(fleet.keys("host-" + i, Role.HOST), fleet.trust(), Duration.ofSeconds(10)));
                member = HazelcastInstanceFactory.newHazelcastInstance(
                        config, HazelcastInstanceFactory.createInstanceName(config), new TlsNodeContext(tls.getLast()));
            } else {
                member = Hazelcast.newHazelcastInstance(config);
            }
            members.add(member);
            known.add(new Address(
                    "127.0.0.1",
                    member.getCluster().getLocalMember().getAddress().getPort()));
        }
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        int seen = members.getLast().getCluster().getMembers().size();
        members.forEach(member -> member.getLifecycleService().terminate());
        tls.forEach(MemberTls::close);
        if (seen != count) {
            throw new IllegalStateException("expected " + count + " members, found " + seen);
        }
        return millis;
    }
}
