package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import java.io.IOException;

/// Walks an image in whole blocks: stretches that need not be read, however long, and what must be, in windows that do
/// not cross a multiple of 1 MiB.
final class Windows {
    private static final int BLOCKS = ChunkHeader.BLOCKS_MAX;

    private final DiskImage image;
    private final long blocks;
    private long next;

    Windows(DiskImage image) {
        this.image = image;
        this.blocks = image.shape().blocks();
    }

    /// @param kind `DATA`, or what all of it is; a block that is partly zero and partly hole is data
    record Window(long firstBlock, long blocks, Run.Kind kind) {}

    boolean hasNext() {
        return next < blocks;
    }

    Window next() throws IOException {
        long first = next;
        Run run = image.run(first * Block.BYTES);
        if (isNothing(run, first)) {
            next = wholeBlocks(run);
            return new Window(first, next - first, run.kind());
        }
        long limit = Math.min(blocks, (first / BLOCKS + 1) * BLOCKS);
        while (next < limit && !isNothing(run, next)) {
            next = Math.min(limit, Math.max(next + 1, run.kind() == Run.Kind.DATA ? wholeBlocks(run) : 0));
            run = next < limit ? image.run(next * Block.BYTES) : run;
        }
        return new Window(first, next - first, Run.Kind.DATA);
    }

    /// Whether a run without data has the whole of that block.
    private boolean isNothing(Run run, long block) {
        return run.kind() != Run.Kind.DATA && wholeBlocks(run) > block;
    }

    /// The first block that the run does not have to its end.
    private long wholeBlocks(Run run) {
        return run.end() == image.shape().length() ? blocks : run.end() / Block.BYTES;
    }
}
