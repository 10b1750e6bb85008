package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.protocol.content.Block;
import java.io.IOException;

/// Walks an image in whole blocks: stretches that need not be read, however long, and what must be, in windows
/// that do not cross a multiple of 1 MiB.
final class Windows {
    private final DiskImage image;
    private final long blocks;
    private long next;
    /// The one that the image told of last: to tell of a run may cost it as much as the run is long.
    private Run run = new Run(0, 1, Run.Kind.DATA);

    Windows(DiskImage image) {
        this.image = image;
        this.blocks = image.shape().blocks();
    }

    /// @param kind `DATA`, or what all of it is; a block that is partly zero and partly hole is data
    record Window(long firstBlock, long blocks, Run.Kind kind) {
        boolean hasData() {
            return kind == Run.Kind.DATA;
        }

        /// How many blocks there are to read.
        int dataBlocks() {
            return hasData() ? (int) blocks : 0;
        }
    }

    /// How many bytes of an image must be read.
    static long dataBytes(DiskImage image) throws IOException {
        long data = 0;
        for (Windows windows = new Windows(image); windows.hasNext(); ) {
            data += windows.next(Buffers.BLOCKS).dataBlocks();
        }
        return data * Block.BYTES;
    }

    boolean hasNext() {
        return next < blocks;
    }

    /// @param max how many blocks with data the window may have
    Window next(int max) throws IOException {
        long first = next;
        find(first);
        if (isNothing(first)) {
            next = wholeBlocks();
            return new Window(first, next - first, run.kind());
        }
        long mebibyte = (first / Buffers.BLOCKS + 1) * Buffers.BLOCKS;
        long limit = Math.min(Math.min(blocks, first + max), mebibyte);
        while (next < limit && !isNothing(next)) {
            next = Math.min(limit, Math.max(next + 1, run.kind() == Run.Kind.DATA ? wholeBlocks() : 0));
            if (next < limit) {
                find(next);
            }
        }
        return new Window(first, next - first, Run.Kind.DATA);
    }

    /// Makes the run the one in which the block begins.
    private void find(long block) throws IOException {
        long offset = block * Block.BYTES;
        if (offset == 0 || offset >= run.end()) {
            run = image.run(offset);
        }
    }

    /// Whether the run is without data and has the whole of that block.
    private boolean isNothing(long block) {
        return run.kind() != Run.Kind.DATA && wholeBlocks() > block;
    }

    /// The first block that the run does not have to its end.
    private long wholeBlocks() {
        return run.end() == image.shape().length() ? blocks : run.end() / Block.BYTES;
    }
}
