package dev.muster.coordinator.enrol;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.net.Membership;
import dev.muster.protocol.trust.key.VerifyKey;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/// A machine that was taken into the fleet.
///
/// @param key its own, from which its id follows
/// @param membership its site and its labels
/// @param enrolled epoch milliseconds
/// @param revoked whether it is to be refused everything from now on
public record Host(String id, VerifyKey key, Membership membership, long enrolled, boolean revoked) {

    /// @param labels without the site
    public static Membership membership(String site, SortedMap<String, String> labels) {
        SortedMap<String, String> all = new TreeMap<>(labels);
        all.put(Membership.SITE, site);
        return new Membership(site, all);
    }

    public Host with(Membership changed) {
        return new Host(id, key, changed, enrolled, revoked);
    }

    public Host revoke() {
        return new Host(id, key, membership, enrolled, true);
    }

    /// text id | verify key | u32 length, membership | u64 enrolled | u8 revoked.
    static final class Format implements RecordFiles.Fields<Host> {
        static final String MAGIC = "MSTRHOST";

        @Override
        public void write(Host host, ByteWriter out) {
            host.key.write(out.text(host.id));
            out.blob(host.membership.encode()).u64(host.enrolled).flag(host.revoked);
        }

        @Override
        public Host read(ByteReader in) throws IOException {
            String id = in.text(64);
            VerifyKey key = VerifyKey.read(in);
            Membership membership = Membership.decode(in.blob(Membership.BYTES_MAX));
            return new Host(id, key, membership, in.u64(), in.flag());
        }
    }
}
