package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.key.Certificates;
import dev.muster.protocol.wire.Address;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// What a coordinator answers to a host that it has taken in, or whose certificate it has renewed.
///
/// Body: text host | u32 length, certificate chain | u32 length, membership | u8 addresses (<= 64), { text host,
/// u16 port } | text coordinator.
///
/// @param host the id of the host, or of another member that renews
/// @param chain leaf to root, for the key of the request
/// @param cluster where members of the cluster may be
/// @param coordinator id of the coordinator that answers
public record Enrolment(
        String host, List<X509Certificate> chain, Membership membership, List<Address> cluster, String coordinator) {
    public static final int BYTES_MAX = 64 * 1024;
    public static final int ADDRESSES_MAX = 64;

    public Enrolment {
        Names.require("host", host);
        Names.require("coordinator", coordinator);
        chain = List.copyOf(chain);
        cluster = List.copyOf(cluster);
        if (cluster.size() > ADDRESSES_MAX) {
            throw new IllegalArgumentException("at most 64 addresses, not " + cluster.size());
        }
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(4096).text(host).blob(Certificates.encode(chain));
        out.blob(membership.encode()).u8(cluster.size());
        cluster.forEach(address -> address.write(out));
        return out.text(coordinator).toBytes();
    }

    public static Enrolment decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("enrolment", bytes);
        String host = in.text(Names.LABEL_BYTES_MAX);
        List<X509Certificate> chain = Certificates.decode(in.blob(BYTES_MAX));
        Membership membership = Membership.decode(in.blob(Membership.BYTES_MAX));
        int count = in.u8(ADDRESSES_MAX);
        List<Address> cluster = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cluster.add(Address.read(in));
        }
        String coordinator = in.text(Names.LABEL_BYTES_MAX);
        in.end();
        try {
            return new Enrolment(host, chain, membership, cluster, coordinator);
        } catch (IllegalArgumentException e) {
            throw new Corrupt("enrolment: " + e.getMessage(), e);
        }
    }
}
