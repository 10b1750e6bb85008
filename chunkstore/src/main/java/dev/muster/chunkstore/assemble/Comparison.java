package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;

/// What lies on a target, against what a manifest says should. Only headers of chunks are needed, no chunks. For many
/// threads.
final class Comparison {
    /// How much is read at once: 1 MiB.
    private static final int WINDOW_BLOCKS = 256;

    private final Manifest manifest;
    private final ChunkSource headers;
    private final Bytes target;
    private final Progress progress;

    Comparison(Manifest manifest, ChunkSource headers, Bytes target, Progress progress) {
        this.manifest = manifest;
        this.headers = headers;
        this.target = target;
        this.progress = progress;
    }

    /// Bytes that can be read anywhere.
    @FunctionalInterface
    interface Bytes {
        void read(ByteBuffer out, long at) throws IOException;
    }

    /// Hears of each part of an extent whose blocks are all right, or all wrong; from many threads.
    @FunctionalInterface
    interface Listener {
        /// @return whether what comes later in the image is of interest
        boolean found(Extent part, boolean right);
    }

    /// Begins to compare the image from its start on, until the listener has had enough.
    void begin(Work work, Listener listener) throws IOException {
        AtomicBoolean going = new AtomicBoolean(true);
        for (Extent extent : manifest.extents()) {
            for (long first = 0; first < extent.blocks(); first += WINDOW_BLOCKS) {
                Extent window = part(extent, first, Math.min(WINDOW_BLOCKS, extent.blocks() - first));
                Listener stopping = (part, right) -> {
                    boolean goOn = listener.found(part, right);
                    going.compareAndSet(true, goOn);
                    return goOn;
                };
                if (!going.get() || !work.begin(() -> compare(window, stopping))) {
                    return;
                }
            }
        }
    }

    private void compare(Extent window, Listener listener) throws IOException {
        int blocks = (int) window.blocks();
        BitSet wrong = wrongBlocks(window, read(window.firstBlock(), blocks));
        for (int from = 0; from < blocks; ) {
            boolean right = !wrong.get(from);
            int end = right ? wrong.nextSetBit(from) : wrong.nextClearBit(from);
            end = end < 0 ? blocks : end;
            listener.found(part(window, from, end - from), right);
            from = end;
        }
        progress.advance(
                Math.min(manifest.shape().length(), window.end() * Block.BYTES) - window.firstBlock() * Block.BYTES);
    }

    private BitSet wrongBlocks(Extent window, ByteBuffer bytes) throws IOException {
        BitSet wrong = new BitSet();
        switch (window.kind()) {
            case ZERO, HOLE -> {
                for (int i = 0; i < window.blocks(); i++) {
                    wrong.set(i, !Block.isZero(bytes.slice(i * Block.BYTES, Block.BYTES)));
                }
            }
            case CHUNK -> {
                ChunkHeader header = header(window);
                int first = window.blockInChunk();
                int next = header.firstWrong(first, bytes);
                while (next >= 0) {
                    wrong.set(next - first);
                    ByteBuffer rest = bytes.position((next - first + 1) * Block.BYTES);
                    next = header.firstWrong(next + 1, rest);
                }
            }
        }
        return wrong;
    }

    private static Extent part(Extent extent, long first, long blocks) {
        long start = extent.firstBlock() + first;
        return switch (extent.kind()) {
            case ZERO -> Extent.zero(start, blocks);
            case HOLE -> Extent.hole(start, blocks);
            case CHUNK -> Extent.ofChunk(start, blocks, extent.chunk(), extent.blockInChunk() + (int) first);
        };
    }

    /// The hash that the first block of an extent should have.
    Hash expected(Extent extent) throws IOException {
        return switch (extent.kind()) {
            case ZERO, HOLE -> Block.ZERO;
            case CHUNK -> header(extent).block(extent.blockInChunk());
        };
    }

    /// Whole blocks as they are hashed: what lies beyond the end of the image counts as zeros.
    ByteBuffer read(long firstBlock, int blocks) throws IOException {
        long at = firstBlock * Block.BYTES;
        long length = Math.min(manifest.shape().length() - at, (long) blocks * Block.BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(blocks * Block.BYTES);
        target.read(bytes.limit((int) length), at);
        return bytes.clear();
    }

    private ChunkHeader header(Extent extent) throws IOException {
        ChunkEntry entry = manifest.chunks().get(extent.chunk());
        ChunkId id = entry.id();
        ChunkHeader header = headers.header(id)
                .orElseThrow(() -> new Unreachable("no header of chunk " + id + " of manifest " + manifest.id()));
        if (header.blocks() != entry.blocks()) {
            throw new Corrupt("chunk " + id + ": expected " + entry.blocks() + " blocks as manifest " + manifest.id()
                    + " says, found " + header.blocks());
        }
        return header;
    }
}
