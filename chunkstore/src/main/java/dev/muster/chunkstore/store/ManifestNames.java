package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.content.Page;
import dev.muster.protocol.content.PageTable;
import dev.muster.protocol.content.PageTable.PageRef;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a manifest names, as far as its head and pages are here and right: pages, and the chunks of its chunk table.
final class ManifestNames {
    private final ManifestFiles files;
    private final Consumer<Hash> pages;
    private boolean whole = true;

    /// @param pages is told of each page, index pages before what they name, before it is looked for
    ManifestNames(ManifestFiles files, Consumer<Hash> pages) {
        this.files = files;
        this.pages = pages;
    }

    /// Only the chunks.
    ManifestNames(ManifestFiles files) {
        this(files, _ -> {});
    }

    /// Whether everything that was looked for was here and right.
    boolean isWhole() {
        return whole;
    }

    /// Names the pages of both tables.
    void pages(ManifestId id) throws IOException {
        Optional<ManifestHead> head = head(id);
        if (head.isPresent()) {
            leaves(head.get().chunks(), _ -> {});
            leaves(head.get().extents(), _ -> {});
        }
    }

    /// Names the chunks.
    void chunks(ManifestId id, Consumer<ChunkId> out) throws IOException {
        Optional<ManifestHead> head = head(id);
        if (head.isPresent()) {
            leaves(head.get().chunks(), hash -> {
                if (page(hash).orElse(null) instanceof Page.Chunks(List<ChunkEntry> entries)) {
                    entries.forEach(entry -> out.accept(entry.id()));
                }
            });
        }
    }

    @FunctionalInterface
    private interface Leaf {
        void visit(Hash hash) throws IOException;
    }

    private void leaves(PageTable table, Leaf leaf) throws IOException {
        for (PageRef ref : table.pages()) {
            pages.accept(ref.hash());
            if (table.level() == 1) {
                leaf.visit(ref.hash());
            } else if (page(ref.hash()).orElse(null) instanceof Page.Index(List<PageRef> below)) {
                for (PageRef each : below) {
                    pages.accept(each.hash());
                    leaf.visit(each.hash());
                }
            }
        }
    }

    private Optional<ManifestHead> head(ManifestId id) throws IOException {
        try {
            Optional<byte[]> bytes = files.get(id.hash(), ManifestHead.BYTES_MAX);
            whole &= bytes.isPresent();
            return bytes.isPresent() ? Optional.of(ManifestHead.decode(bytes.get())) : Optional.empty();
        } catch (Corrupt _) {
            whole = false;
            return Optional.empty();
        }
    }

    private Optional<Page> page(Hash hash) throws IOException {
        try {
            Optional<byte[]> bytes = files.get(hash, Page.BYTES_MAX);
            whole &= bytes.isPresent();
            return bytes.isPresent() ? Optional.of(Page.decode(bytes.get())) : Optional.empty();
        } catch (Corrupt _) {
            whole = false;
            return Optional.empty();
        }
    }
}
