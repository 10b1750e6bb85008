package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.content.Page;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Whether images are whole: head, pages, and a place for every chunk.
final class ImageCheck {
    private final ManifestFiles files;
    private final ChunkIndex chunks;

    ImageCheck(StoreDirectory directory, ChunkIndex chunks) {
        this.files = new ManifestFiles(directory.disk(), directory.manifests());
        this.chunks = chunks;
    }

    /// What an image lacks, if anything.
    Optional<String> problem(ManifestId id) {
        try {
            byte[] head = files.get(id.hash(), ManifestHead.BYTES_MAX)
                    .orElseThrow(() -> new Unknown("expected its head, found no such file"));
            Manifest manifest = Manifest.read(
                    ManifestHead.verify(id, head),
                    page -> files.get(page, Page.BYTES_MAX)
                            .orElseThrow(() -> new Unknown("expected its page " + page + ", found no such file")));
            return lacking(manifest.chunks());
        } catch (IOException e) {
            return Optional.of(Findings.message(e));
        }
    }

    private Optional<String> lacking(List<ChunkEntry> entries) {
        List<ChunkId> missing = entries.stream()
                .map(ChunkEntry::id)
                .filter(id -> !chunks.contains(id))
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("expected " + entries.size() + " chunks, found " + (entries.size() - missing.size())
                        + "; the first that is not here: " + missing.getFirst());
    }
}
