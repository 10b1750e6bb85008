package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.SigningKey;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a host that is not a member yet sends to become one.
///
/// Body: text token (<= 128) | u32 length, certification request (<= 4 KiB) | text address (<= 256) | text site, or
/// empty | u8 labels (<= 32), { text label, text value }, ascending.
///
/// @param csr a PKCS#10 request of which only the key counts; the accessor returns a view
/// @param address where peers will reach the host, or empty if it does not know
/// @param site where the host says it is, or empty; what the token says comes before it
/// @param labels what the host says it is; what the token says comes before them
public record EnrolRequest(
        String token, ByteBuffer csr, String address, String site, SortedMap<String, String> labels) {
    public static final int BYTES_MAX = 16 * 1024;
    public static final int LABELS_MAX = 32;

    private static final int TOKEN_BYTES_MAX = 128;
    private static final int ADDRESS_BYTES_MAX = 256;

    public EnrolRequest {
        csr = csr.asReadOnlyBuffer();
        labels = Labels.checked(labels);
        if (!site.isEmpty()) {
            Names.require("site", site);
        }
    }

    /// The request of the holder of this key, which is the host's for good.
    public static EnrolRequest of(
            String token, SigningKey key, String address, String site, SortedMap<String, String> labels) {
        return new EnrolRequest(token, ByteBuffer.wrap(Request.of(key)), address, site, labels);
    }

    @Override
    public ByteBuffer csr() {
        return csr.duplicate();
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(1024).text(token).u32(csr.remaining()).bytes(csr());
        out.text(address).text(site);
        Labels.write(labels, out);
        return out.toBytes();
    }

    public static EnrolRequest decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("enrolment request", bytes);
        String token = in.text(TOKEN_BYTES_MAX);
        byte[] csr = in.blob(Request.BYTES_MAX);
        String address = in.text(ADDRESS_BYTES_MAX);
        String site = in.text(Names.LABEL_BYTES_MAX);
        SortedMap<String, String> labels = Labels.read(in);
        in.end();
        try {
            return new EnrolRequest(token, ByteBuffer.wrap(csr), address, site, labels);
        } catch (IllegalArgumentException e) {
            throw new Corrupt("enrolment request: " + e.getMessage(), e);
        }
    }

    /// The token is a secret.
    @Override
    public String toString() {
        return "enrolment request of " + address + " at site " + site + " " + new TreeMap<>(labels);
    }
}
