package dev.muster.agent.delivery;

import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Lease;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.content.Page;
import dev.muster.protocol.content.PageTable;
import dev.muster.protocol.content.PageTable.PageRef;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Heads and pages: those of the store, and those that peers or a coordinator give, which are in the store then.
final class Manifests {
    private final ChunkStore store;
    private final Gets gets;
    private final Delivery.HeadSource heads;

    /// @param heads asked for a head that no peer has
    Manifests(ChunkStore store, Gets gets, Delivery.HeadSource heads) {
        this.store = store;
        this.gets = gets;
        this.heads = heads;
    }

    /// A manifest, of which all that is not in the store is fetched.
    ///
    /// @param lease holds it, and its chunks, from then on
    Manifest bring(ManifestId id, Lease lease) throws IOException, InterruptedException {
        ManifestHead head = head(id, lease);
        for (PageTable table : List.of(head.chunks(), head.extents())) {
            for (PageRef ref : table.pages()) {
                byte[] page = page(ref.hash(), lease);
                if (table.level() == 2
                        && Manifest.verifyPage(ref.hash(), page) instanceof Page.Index(List<PageRef> refs)) {
                    for (PageRef leaf : refs) {
                        page(leaf.hash(), lease);
                    }
                }
            }
        }
        Manifest manifest = Manifest.read(head, lease);
        lease.hold(manifest);
        return manifest;
    }

    /// Fetches a head or page whose file has rotted.
    ///
    /// @return whether anybody had it
    boolean restore(Hash hash) throws IOException, InterruptedException {
        try {
            byte[] page = gets.page(hash);
            Page _ = Manifest.verifyPage(hash, page);
            store.putPage(page);
            return true;
        } catch (Unreachable _) {
            // It may be a head.
        }
        try {
            ManifestId id = new ManifestId(hash);
            byte[] head = fetchHead(id);
            ManifestHead _ = ManifestHead.verify(id, head);
            store.putHead(head);
            return true;
        } catch (Unreachable _) {
            return false;
        }
    }

    private ManifestHead head(ManifestId id, Lease lease) throws IOException, InterruptedException {
        Optional<byte[]> kept = lease.head(id);
        if (kept.isPresent()) {
            return ManifestHead.verify(id, kept.get());
        }
        byte[] fetched = fetchHead(id);
        ManifestHead head = ManifestHead.verify(id, fetched);
        lease.putHead(fetched);
        return head;
    }

    private byte[] fetchHead(ManifestId id) throws Unreachable, InterruptedException {
        try {
            return gets.head(id);
        } catch (Unreachable e) {
            Optional<byte[]> head = heads.head(id);
            if (head.isEmpty()) {
                throw e;
            }
            return head.get();
        }
    }

    private byte[] page(Hash hash, Lease lease) throws IOException, InterruptedException {
        if (lease.hasPage(hash)) {
            return lease.page(hash);
        }
        byte[] page = gets.page(hash);
        Page _ = Manifest.verifyPage(hash, page);
        lease.putPage(page);
        return page;
    }
}
