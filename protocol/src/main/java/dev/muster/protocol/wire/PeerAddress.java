package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;

/// A host and where its peers reach it. Only a hint: whoever answers there must prove to be that host.
public record PeerAddress(String host, String site, Address address) {
    /// The fewest bytes that one takes: three texts of a character, and a port.
    static final int BYTES_MIN = 3 * 3 + 2;

    public PeerAddress {
        Name.checked("host id", host);
        Name.checked("site", site);
        if (address.port() == 0) {
            throw new IllegalArgumentException("peer address: expected a port, found 0 for " + host);
        }
    }

    public void write(ByteWriter out) {
        out.text(host).text(site);
        address.write(out);
    }

    public static PeerAddress read(ByteReader in) throws Corrupt {
        return new PeerAddress(Name.read(in), Name.read(in), Address.read(in));
    }
}
