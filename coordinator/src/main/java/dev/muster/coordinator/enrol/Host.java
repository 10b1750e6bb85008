package dev.muster.coordinator.enrol;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.net.Membership;
import dev.muster.protocol.trust.document.Names;
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

    public void write(ByteWriter out) {
        key.write(out.text(id));
        out.blob(membership.encode()).u64(enrolled).flag(revoked);
    }

    /// @throws IllegalArgumentException for what no host is called
    public static Host read(ByteReader in) throws IOException {
        String id = in.text(64);
        if (!Names.isName(id)) {
            throw in.refuse("the id of a host", Names.printable(id, 80));
        }
        VerifyKey key = VerifyKey.read(in);
        Membership membership = Membership.decode(in.blob(Membership.BYTES_MAX));
        return new Host(id, key, membership, in.u64(), in.flag());
    }

    /// text id | verify key | u32 length, membership | u64 enrolled | u8 revoked.
    static final class Format implements RecordFiles.Fields<Host> {
        static final String MAGIC = "MSTRHOST";

        @Override
        public void write(Host host, ByteWriter out) {
            host.write(out);
        }

        @Override
        public Host read(ByteReader in) throws IOException {
            return Host.read(in);
        }
    }
}
