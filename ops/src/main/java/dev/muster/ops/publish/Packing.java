package dev.muster.ops.publish;

import dev.muster.chunkstore.pack.Packed;
import dev.muster.protocol.trust.document.Release;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was packed, and the release that awaits signatures.
///
/// @param parts by role
public record Packing(Release release, SortedMap<String, Packed> parts) {
    public Packing {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }
}
