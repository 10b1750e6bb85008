package dev.muster.coordinator.companion;

import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.rollout.Group;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The hosts and groups that a coordinator knows.
///
/// ```
/// u64 revision | u32 hosts (<= 100,000), host* | u16 groups (<= 1,000), group*      as in their files
/// ```
///
/// @param revision follows from the rest: who has this one need not be told again
public record Ledger(long revision, List<Host> hosts, List<Group> groups) {
    /// Above what so many hosts take.
    public static final int BYTES_MAX = 64 << 20;

    private static final int HOST_BYTES_MIN = 64;

    public Ledger {
        hosts = List.copyOf(hosts);
        groups = List.copyOf(groups);
    }

    public static Ledger of(Collection<Host> hosts, Collection<Group> groups) {
        List<Group> named =
                groups.stream().filter(group -> !group.equals(Group.ALL)).toList();
        Ledger ledger = new Ledger(0, List.copyOf(hosts), named);
        return new Ledger(Hash.of(ledger.encode()).a() & Long.MAX_VALUE, ledger.hosts, ledger.groups);
    }

    /// The same revision, and nothing else.
    public Ledger bare() {
        return new Ledger(revision, List.of(), List.of());
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(64 * 1024).u64(revision).u32(hosts.size());
        hosts.forEach(host -> host.write(out));
        out.u16(groups.size());
        groups.forEach(group -> group.write(out));
        return out.toBytes();
    }

    public static Ledger decode(byte[] bytes) throws IOException {
        ByteReader in = ByteReader.of("ledger", bytes);
        try {
            long revision = in.u64();
            int hostCount = in.count(Hosts.HOSTS_MAX, HOST_BYTES_MIN);
            List<Host> hosts = new ArrayList<>(hostCount);
            for (int i = 0; i < hostCount; i++) {
                hosts.add(Host.read(in));
            }
            int groupCount = in.u16(Groups.GROUPS_MAX);
            List<Group> groups = new ArrayList<>(groupCount);
            for (int i = 0; i < groupCount; i++) {
                groups.add(Group.read(in));
            }
            in.end();
            return new Ledger(revision, hosts, groups);
        } catch (IllegalArgumentException e) {
            throw new Corrupt("ledger: " + e.getMessage(), e);
        }
    }
}
