package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.cluster.Presence.Part;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.Name;
import dev.muster.protocol.wire.PeerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A presence to bytes and back. The layout is in this package's documentation.
final class PresenceCodec {
    static final int BYTES_MAX = Message.PRESENCE_BYTES_MAX;

    private static final String MAGIC = "MSTRPRES";
    private static final int VERSION = 1;
    private static final int PART_BYTES = Hash.BYTES + 4 + 4;

    private PresenceCodec() {}

    static byte[] encode(Presence presence) {
        ByteWriter out = new ByteWriter().magic(MAGIC).u16(VERSION);
        out.flag(presence.kind() == Kind.COORDINATOR);
        presence.node().write(out);
        out.flag(presence.cluster().isPresent());
        presence.cluster().ifPresent(address -> address.write(out));
        out.u8(presence.labels().size());
        presence.labels().forEach((key, value) -> out.text(key).text(value));
        out.u64(presence.documents()).u16(presence.parts().size());
        for (Part part : presence.parts()) {
            part.manifest().hash().write(out);
            out.u32(part.have()).u32(part.chunks());
        }
        return out.toBytes();
    }

    /// @throws Corrupt for anything that [#encode] does not write
    static Presence decode(byte[] bytes) throws Corrupt {
        if (bytes.length > BYTES_MAX) {
            throw new Corrupt("presence: expected at most " + BYTES_MAX + " bytes, found " + bytes.length);
        }
        ByteReader in = ByteReader.of("presence", bytes);
        in.magic(MAGIC);
        if (in.u16() != VERSION) {
            throw in.refuse("version " + VERSION, "another");
        }
        Kind kind = in.flag() ? Kind.COORDINATOR : Kind.AGENT;
        PeerAddress node = PeerAddress.read(in);
        Optional<Address> cluster = in.flag() ? Optional.of(Address.read(in)) : Optional.empty();
        Map<String, String> labels = readLabels(in);
        long documents = in.u64();
        List<Part> parts = readParts(in);
        in.end();
        return new Presence(kind, node, cluster, labels, documents, parts);
    }

    private static Map<String, String> readLabels(ByteReader in) throws Corrupt {
        int count = in.u8(Presence.LABELS_MAX);
        Map<String, String> labels = new LinkedHashMap<>();
        String before = "";
        for (int i = 0; i < count; i++) {
            String key = Name.read(in);
            if (key.compareTo(before) <= 0) {
                throw in.refuse("labels in order", key + " after " + before);
            }
            labels.put(key, in.text(Presence.LABEL_BYTES_MAX));
            before = key;
        }
        return labels;
    }

    private static List<Part> readParts(ByteReader in) throws Corrupt {
        int count = in.u16(Presence.PARTS_MAX);
        if (in.remaining() != count * PART_BYTES) {
            throw in.refuse(count + " parts of " + PART_BYTES + " bytes", in.remaining() + " bytes");
        }
        List<Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ManifestId manifest = new ManifestId(Hash.read(in));
            int have = in.u32(Manifest.CHUNKS_MAX);
            int chunks = in.u32(Manifest.CHUNKS_MAX);
            if (have > chunks) {
                throw in.refuse("at most all " + chunks + " chunks", have);
            }
            parts.add(new Part(manifest, have, chunks));
        }
        return parts;
    }
}
