package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Extent.Kind;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// What lies on a target, against what a manifest says should. Only headers of chunks are needed, no chunks.
/// For many threads.
final class Comparison {
    /// How much is read at once: 1 MiB.
    private static final int WINDOW_BLOCKS = ChunkHeader.BLOCKS_MAX;

    private final Manifest manifest;
    private final ExpectedBlocks expected;
    private final TargetBytes target;
    private final Crew crew;
    private final Buffers buffers;
    private final Progress progress;

    Comparison(Manifest manifest, Headers headers, TargetBytes target, Crew crew, Buffers buffers, Progress progress) {
        this.manifest = manifest;
        this.expected = new ExpectedBlocks(headers);
        this.target = target;
        this.crew = crew;
        this.buffers = buffers;
        this.progress = progress;
    }

    /// A part of an extent whose blocks are all right, or all wrong.
    record Part(Extent extent, boolean right) {}

    /// Hears of each part, from many threads.
    @FunctionalInterface
    private interface Listener {
        /// @return whether what comes later in the image is of interest
        boolean found(Extent part, boolean right);
    }

    /// All that there is in these extents, which are given in the order of the image.
    List<Part> parts(List<Extent> extents) throws IOException {
        Queue<Part> parts = new ConcurrentLinkedQueue<>();
        try (Work work = crew.begin()) {
            begin(extents, work, (part, right) -> parts.add(new Part(part, right)));
        }
        return parts.stream()
                .sorted(Comparator.comparingLong(part -> part.extent.firstBlock()))
                .toList();
    }

    /// The first part that is wrong. What comes after it is not read.
    Optional<Extent> firstWrong(List<Extent> extents) throws IOException {
        Queue<Extent> wrong = new ConcurrentLinkedQueue<>();
        try (Work work = crew.begin()) {
            // What is under way when the first wrong block is found may lie before it: all of that is
            // waited for.
            begin(extents, work, (part, right) -> {
                if (!right) {
                    wrong.add(part);
                }
                return right;
            });
        }
        return wrong.stream().min(Comparator.comparingLong(Extent::firstBlock));
    }

    /// Begins to compare parts of the image, given in order, until the listener has had enough.
    private void begin(List<Extent> extents, Work work, Listener listener) throws IOException {
        AtomicBoolean going = new AtomicBoolean(true);
        Listener stopping = (part, right) -> {
            boolean goOn = listener.found(part, right);
            going.compareAndSet(true, goOn);
            return goOn;
        };
        List<Extent> window = new ArrayList<>();
        long room = 0;
        for (Extent extent : extents) {
            long at = 0;
            while (at < extent.blocks()) {
                long hole = holeBlocks(extent, at);
                boolean isNext = !window.isEmpty() && window.getLast().end() == extent.firstBlock() + at;
                if (room == 0 || hole > 0 || !isNext) {
                    if (!begin(window, work, going, stopping)) {
                        return;
                    }
                    window = new ArrayList<>();
                    room = WINDOW_BLOCKS;
                }
                if (hole > 0) {
                    stopping.found(part(extent, at, hole), true);
                    progress.advance(bytes(extent.firstBlock() + at, hole));
                    at += hole;
                } else {
                    long taken = Math.min(room, extent.blocks() - at);
                    window.add(part(extent, at, taken));
                    room -= taken;
                    at += taken;
                }
            }
        }
        begin(window, work, going, stopping);
    }

    private boolean begin(List<Extent> window, Work work, AtomicBoolean going, Listener listener) throws IOException {
        return going.get() && (window.isEmpty() || work.begin(() -> compare(window, listener)));
    }

    /// How many blocks of a long run of zeros need not be read.
    private long holeBlocks(Extent extent, long at) throws IOException {
        long blocks = extent.blocks() - at;
        if (extent.kind() == Kind.CHUNK || blocks < WINDOW_BLOCKS) {
            return 0;
        }
        return Math.min(blocks, target.holeBytes((extent.firstBlock() + at) * Block.BYTES) / Block.BYTES);
    }

    private void compare(List<Extent> window, Listener listener) throws IOException {
        long start = window.getFirst().firstBlock();
        int blocks = (int) (window.getLast().end() - start);
        ByteBuffer buffer = buffers.take();
        ByteBuffer bytes = read(start, blocks, buffer);
        for (Extent part : window) {
            int at = (int) (part.firstBlock() - start) * Block.BYTES;
            compare(part, bytes.slice(at, (int) part.blocks() * Block.BYTES), listener);
        }
        buffers.giveBack(buffer);
        progress.advance(bytes(start, blocks));
    }

    private void compare(Extent part, ByteBuffer bytes, Listener listener) throws IOException {
        int blocks = (int) part.blocks();
        BitSet wrong = expected.wrong(part, bytes);
        for (int from = 0; from < blocks; ) {
            boolean right = !wrong.get(from);
            int end = right ? wrong.nextSetBit(from) : wrong.nextClearBit(from);
            end = end < 0 ? blocks : end;
            listener.found(part(part, from, end - from), right);
            from = end;
        }
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
        return expected.hash(extent);
    }

    /// The hash that a block has.
    Hash found(long block) throws IOException {
        return Hash.of(read(block, 1, Buffers.allocate(Block.BYTES)));
    }

    /// Whole blocks as they are hashed: what lies beyond the end of the image counts as zeros.
    private ByteBuffer read(long firstBlock, int blocks, ByteBuffer buffer) throws IOException {
        int length = (int) bytes(firstBlock, blocks);
        target.read(buffer.limit(length), firstBlock * Block.BYTES);
        buffer.limit(blocks * Block.BYTES);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
        }
        return buffer.flip();
    }

    /// How many bytes of the image these are.
    long bytes(List<Extent> extents) {
        return extents.stream()
                .mapToLong(extent -> bytes(extent.firstBlock(), extent.blocks()))
                .sum();
    }

    private long bytes(long firstBlock, long blocks) {
        return Math.min(manifest.shape().length(), (firstBlock + blocks) * Block.BYTES) - firstBlock * Block.BYTES;
    }
}
