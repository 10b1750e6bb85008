package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.trust.document.Names;
import java.util.SortedMap;

/// What a coordinator knows of a host and pins are matched with: the answer to every report.
///
/// Body: text site | u8 labels, { text label, text value }, ascending.
///
/// @param labels with the site as the label [#SITE]
public record Membership(String site, SortedMap<String, String> labels) {
    public static final int BYTES_MAX = 16 * 1024;

    /// The label that says where a host is.
    public static final String SITE = "site";

    public Membership {
        Names.require(SITE, site);
        labels = Labels.checked(labels);
        if (!site.equals(labels.get(SITE))) {
            throw new IllegalArgumentException("expected the label site=" + site + ", found " + labels.get(SITE));
        }
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter().text(site);
        Labels.write(labels, out);
        return out.toBytes();
    }

    /// @throws Corrupt if the site is not a name, or not the one that the labels say
    public static Membership decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("membership", bytes);
        String site = in.text(Names.LABEL_BYTES_MAX);
        SortedMap<String, String> labels = Labels.read(in);
        in.end();
        try {
            return new Membership(site, labels);
        } catch (IllegalArgumentException e) {
            throw new Corrupt("membership: " + e.getMessage(), e);
        }
    }
}
