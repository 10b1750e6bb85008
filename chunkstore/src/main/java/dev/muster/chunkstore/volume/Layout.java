package dev.muster.chunkstore.volume;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/// Where the blocks of each chunk lie in an image, and what lies at a block of it. Besides the manifest it
/// takes one word for an extent and two for a chunk. Safe for many threads.
final class Layout {
    private final Manifest manifest;
    /// Chunks, in the order of their ids.
    private final int[] byId;
    /// Extents out of chunks, by chunk, and for each by the first block of it.
    private final int[] uses;
    /// Where the uses of each chunk start; one more at the end.
    private final int[] firstUse;

    Layout(Manifest manifest) {
        this.manifest = manifest;
        List<ChunkEntry> chunks = manifest.chunks();
        List<Extent> extents = manifest.extents();
        byId = IntStream.range(0, chunks.size())
                .boxed()
                .sorted(Comparator.comparing(chunk -> chunks.get(chunk).id()))
                .mapToInt(Integer::intValue)
                .toArray();
        uses = IntStream.range(0, extents.size())
                .filter(extent -> extents.get(extent).kind() == Extent.Kind.CHUNK)
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer extent) -> extents.get(extent).chunk())
                        .thenComparingInt(extent -> extents.get(extent).blockInChunk()))
                .mapToInt(Integer::intValue)
                .toArray();
        firstUse = new int[chunks.size() + 1];
        for (int extent : uses) {
            firstUse[extents.get(extent).chunk() + 1]++;
        }
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            firstUse[chunk + 1] += firstUse[chunk];
        }
    }

    Manifest manifest() {
        return manifest;
    }

    /// Of the image, in bytes.
    long length() {
        return manifest.shape().length();
    }

    int blocks() {
        return Math.toIntExact(manifest.shape().blocks());
    }

    ChunkId id(int chunk) {
        return manifest.chunks().get(chunk).id();
    }

    /// The chunk of that id, or -1.
    int chunk(ChunkId id) {
        int low = 0;
        int high = byId.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = id(byId[middle]).compareTo(id);
            if (order == 0) {
                return byId[middle];
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /// The extents out of a chunk, by the first block of it.
    List<Extent> uses(int chunk) {
        List<Extent> found = new ArrayList<>(firstUse[chunk + 1] - firstUse[chunk]);
        for (int i = firstUse[chunk]; i < firstUse[chunk + 1]; i++) {
            found.add(manifest.extents().get(uses[i]));
        }
        return found;
    }

    /// Whether every block of the chunk that has this header lies somewhere in the image.
    boolean isWhole(int chunk, ChunkHeader header) {
        int covered = 0;
        for (Extent use : uses(chunk)) {
            if (use.blockInChunk() > covered) {
                return false;
            }
            covered = Math.max(covered, use.blockInChunk() + (int) use.blocks());
        }
        return covered == header.blocks();
    }

    /// Whether all that the image has of a chunk is among these blocks.
    boolean isRight(int chunk, BitSet right) {
        return uses(chunk).stream().allMatch(use -> right.nextClearBit((int) use.firstBlock()) >= use.end());
    }

    /// Whether a block of a chunk lies anywhere in the image where `test` says so.
    boolean lies(int chunk, int block, LongPredicate test) {
        for (int i = firstUse[chunk]; i < firstUse[chunk + 1]; i++) {
            Extent use = manifest.extents().get(uses[i]);
            int offset = block - use.blockInChunk();
            if (offset < 0) {
                return false;
            }
            if (offset < use.blocks() && test.test(use.firstBlock() + offset)) {
                return true;
            }
        }
        return false;
    }

    /// The extent that a block of the image is in.
    Extent at(long block) {
        List<Extent> extents = manifest.extents();
        int low = 0;
        int high = extents.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (extents.get(middle).firstBlock() <= block) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return extents.get(low);
    }

    /// The block in the chunk of `extent` that lies at `block` of the image.
    static int blockInChunk(Extent extent, long block) {
        return extent.blockInChunk() + (int) (block - extent.firstBlock());
    }

    /// Whether only a part of the block is of the image.
    boolean isPartial(long block) {
        return block == blocks() - 1L && length() % Block.BYTES != 0;
    }
}
