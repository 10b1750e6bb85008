package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.store.Held;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// In which spilled chunk a block of that hash is: open addressing over the chunks' headers, about 56 bytes a
/// block. Safe for many threads.
final class SpillMap {
    private final List<ChunkId> ids;
    private final List<ChunkHeader> headers;
    /// A chunk's place in the list times 256, and a block of it, and 1; or 0. At most half are taken.
    private final int[] slots;

    private SpillMap(List<ChunkId> ids, List<ChunkHeader> headers) {
        this.ids = ids;
        this.headers = headers;
        int blocks = headers.stream().mapToInt(ChunkHeader::blocks).sum();
        this.slots = new int[Integer.highestOneBit(Math.max(1, blocks)) * 4];
        for (int chunk = 0; chunk < headers.size(); chunk++) {
            for (int block = 0; block < headers.get(chunk).blocks(); block++) {
                add(headers.get(chunk).block(block), chunk * ChunkHeader.BLOCKS_MAX + block);
            }
        }
    }

    /// A block of a spilled chunk.
    record At(ChunkId id, ChunkHeader header, int block) {}

    /// What the store has itself of these chunks; others count as not spilled.
    static SpillMap of(List<ChunkId> spill, SegmentStore store) throws IOException {
        List<ChunkId> ids = new ArrayList<>();
        List<ChunkHeader> headers = new ArrayList<>();
        for (ChunkId id : spill) {
            try {
                Optional<Held> held = store.held(id);
                if (held.isPresent() && held.get().here()) {
                    ids.add(id);
                    headers.add(held.get().header());
                }
            } catch (Corrupt _) {
                // Its blocks are lost, which is found wherever one is needed.
            }
        }
        return new SpillMap(ids, headers);
    }

    Optional<At> find(Hash hash) {
        for (int slot = first(hash); slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
            int chunk = (slots[slot] - 1) / ChunkHeader.BLOCKS_MAX;
            int block = (slots[slot] - 1) % ChunkHeader.BLOCKS_MAX;
            if (headers.get(chunk).block(block).equals(hash)) {
                return Optional.of(new At(ids.get(chunk), headers.get(chunk), block));
            }
        }
        return Optional.empty();
    }

    boolean contains(Hash hash) {
        return find(hash).isPresent();
    }

    private void add(Hash hash, int at) {
        if (find(hash).isPresent()) {
            return;
        }
        int slot = first(hash);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = at + 1;
    }

    private int first(Hash hash) {
        return (int) hash.a() & (slots.length - 1);
    }
}
