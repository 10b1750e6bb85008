package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The chunks of all parents, whose blocks have the first numbers of a table, chunk after chunk.
final class ParentBlocks {
    private static final System.Logger LOG = System.getLogger(ParentBlocks.class.getName());

    private final List<ChunkEntry> chunks;
    /// The number of each chunk's first block, and at the end how many blocks there are.
    private final int[] starts;

    ParentBlocks(List<ChunkEntry> chunks) {
        this.chunks = chunks;
        this.starts = new int[chunks.size() + 1];
        for (int i = 0; i < chunks.size(); i++) {
            starts[i + 1] = starts[i] + chunks.get(i).blocks();
        }
    }

    /// Fills an empty table with the blocks of every chunk whose header can be had and for which there is room.
    static ParentBlocks load(List<Parent> parents, BlockTable table, Progress progress) throws IOException {
        progress.phase(
                "index", parents.stream().mapToLong(ParentBlocks::headerBytes).sum());
        Set<ChunkId> seen = new HashSet<>();
        List<ChunkEntry> loaded = new ArrayList<>();
        for (Parent parent : parents) {
            int missing = 0;
            for (ChunkEntry chunk : parent.manifest().chunks()) {
                if (seen.add(chunk.id()) && chunk.blocks() <= table.room()) {
                    Optional<ChunkHeader> header = parent.headers().header(chunk.id());
                    if (header.isPresent()) {
                        add(chunk, header.get(), table);
                        loaded.add(chunk);
                    } else {
                        missing++;
                    }
                }
                progress.advance((long) chunk.blocks() * Hash.BYTES);
            }
            if (missing > 0) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "parent used in part: manifest={0} missing-headers={1}",
                        parent.manifest().id(),
                        missing);
            }
        }
        return new ParentBlocks(loaded);
    }

    /// How many blocks of the table are theirs.
    int blocks() {
        return starts[chunks.size()];
    }

    ChunkEntry chunk(int index) {
        return chunks.get(index);
    }

    /// The number of the chunk's first block.
    int start(int index) {
        return starts[index];
    }

    /// The chunk that has the block of this number.
    int chunkOf(int block) {
        int found = Arrays.binarySearch(starts, block);
        return found >= 0 ? found : -found - 2;
    }

    /// How many blocks of each chunk are among these.
    List<Reuse.Use> uses(BitSet live) {
        List<Reuse.Use> uses = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            int used = live.get(starts[i], starts[i + 1]).cardinality();
            uses.add(new Reuse.Use(chunks.get(i).blocks(), used));
        }
        return uses;
    }

    private static long headerBytes(Parent parent) {
        return parent.manifest().chunks().stream()
                .mapToLong(chunk -> (long) chunk.blocks() * Hash.BYTES)
                .sum();
    }

    private static void add(ChunkEntry chunk, ChunkHeader header, BlockTable table) throws Corrupt {
        if (header.blocks() != chunk.blocks()) {
            throw new Corrupt(
                    "chunk " + chunk.id() + ": expected " + chunk.blocks() + " blocks, found " + header.blocks());
        }
        for (int i = 0; i < header.blocks(); i++) {
            table.add(header.block(i));
        }
    }
}
