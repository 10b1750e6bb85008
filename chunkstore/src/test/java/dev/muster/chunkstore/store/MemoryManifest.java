package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.Page;
import dev.muster.protocol.content.PageTable;
import dev.muster.protocol.content.PageTable.PageRef;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a head names, as far as pages are there: the plain way, to hold the real one against.
final class MemoryManifest {
    private final Function<Hash, Optional<byte[]>> source;
    private final Set<Hash> pages = new HashSet<>();
    private final Set<ChunkId> chunks = new HashSet<>();

    MemoryManifest(Function<Hash, Optional<byte[]>> source, ManifestHead head) {
        this.source = source;
        Stream.of(head.chunks(), head.extents())
                .map(PageTable::pages)
                .flatMap(List::stream)
                .forEach(this::visit);
    }

    Set<Hash> pages() {
        return pages;
    }

    Set<ChunkId> chunks() {
        return chunks;
    }

    private void visit(PageRef ref) {
        pages.add(ref.hash());
        source.apply(ref.hash()).ifPresent(bytes -> {
            switch (decode(bytes)) {
                case Page.Index(List<PageRef> below) -> below.forEach(this::visit);
                case Page.Chunks(List<ChunkEntry> entries) -> entries.forEach(entry -> chunks.add(entry.id()));
                case Page.Extents _ -> {
                    // They name nothing.
                }
            }
        });
    }

    private static Page decode(byte[] bytes) {
        try {
            return Page.decode(bytes);
        } catch (Corrupt e) {
            throw new IllegalStateException(e);
        }
    }
}
