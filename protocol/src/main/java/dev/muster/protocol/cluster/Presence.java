package dev.muster.protocol.cluster;

import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Name;
import dev.muster.protocol.wire.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What one node says of itself. Only a hint.
///
/// @param kind what it is
/// @param node its id and site, and where it answers: an agent its peers, a coordinator its API
/// @param cluster where it answers as a member of the cluster, if it is one
/// @param labels what hosts are addressed by, in the order of their keys
/// @param documents goes up when the node has newer signed documents: a doorbell
/// @param parts the swarms that it takes part in
public record Presence(
        Kind kind,
        PeerAddress node,
        Optional<Address> cluster,
        Map<String, String> labels,
        long documents,
        List<Part> parts) {
    public static final int LABELS_MAX = 64;
    public static final int LABEL_BYTES_MAX = 128;
    public static final int PARTS_MAX = 256;

    public Presence {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        parts = List.copyOf(parts);
        if (labels.size() > LABELS_MAX || parts.size() > PARTS_MAX || documents < 0) {
            throw new IllegalArgumentException("presence: expected at most " + LABELS_MAX + " labels and " + PARTS_MAX
                    + " parts, found " + labels.size() + " and " + parts.size() + ", documents " + documents);
        }
        labels.forEach((key, value) -> {
            Name.checked("label", key);
            if (value.getBytes(StandardCharsets.UTF_8).length > LABEL_BYTES_MAX) {
                throw new IllegalArgumentException("label " + key + ": expected at most " + LABEL_BYTES_MAX + " bytes");
            }
        });
    }

    public String id() {
        return node.host();
    }

    /// What a node is.
    public enum Kind {
        AGENT,
        COORDINATOR
    }

    /// How far a node is with one manifest.
    ///
    /// @param have how many of its `chunks` it has
    public record Part(ManifestId manifest, int have, int chunks) {
        public Part {
            if (have < 0 || have > chunks || chunks > Manifest.CHUNKS_MAX) {
                throw new IllegalArgumentException(
                        "part: expected at most all chunks, found " + have + " of " + chunks);
            }
        }
    }
}
