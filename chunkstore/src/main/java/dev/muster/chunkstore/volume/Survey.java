package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Work;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which blocks of a target are those of an image: all of it is read and hashed, once for all the images that
/// are asked for. What is found is durable: the target is forced before.
final class Survey {
    /// How much is read at once: 1 MiB.
    private static final int WINDOW_BLOCKS = 256;

    private final TargetFile target;
    private final List<Layout> images;
    private final ChunkSource headers;
    private final Progress progress;
    private final List<BitSet> right = new ArrayList<>();

    private Survey(TargetFile target, List<Layout> images, ChunkSource headers, Progress progress) {
        this.target = target;
        this.images = images;
        this.headers = headers;
        this.progress = progress;
        images.forEach(image -> right.add(new BitSet(image.blocks())));
    }

    /// For each image, which blocks of it lie there. Blocks of chunks whose headers are not known do not
    /// count.
    static List<BitSet> of(TargetFile target, List<Layout> images, ChunkSource headers, Work work, Progress progress)
            throws IOException {
        target.force();
        Survey survey = new Survey(target, images, headers, progress);
        long bytes = Math.min(
                target.size(), images.stream().mapToLong(Layout::length).max().orElse(0));
        progress.phase("compare", bytes);
        try (work) {
            boolean going = true;
            for (long first = 0; going && first * Block.BYTES < bytes; first += WINDOW_BLOCKS) {
                long start = first;
                going = work.begin(() -> survey.compare(start, bytes));
            }
        }
        return survey.right;
    }

    private void compare(long first, long bytes) throws IOException {
        int length = (int) Math.min((long) WINDOW_BLOCKS * Block.BYTES, bytes - first * Block.BYTES);
        ByteBuffer window = ByteBuffer.allocate(Math.ceilDiv(length, Block.BYTES) * Block.BYTES);
        target.read(window, first, bytes);
        Window read = new Window(first, bytes, window, new Hash[window.capacity() / Block.BYTES]);
        for (int image = 0; image < images.size(); image++) {
            BitSet found = read.of(images.get(image), headers);
            synchronized (this) {
                for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
                    right.get(image).set((int) first + i);
                }
            }
        }
        progress.advance(length);
    }

    /// Some blocks of the target.
    private static final class Window {
        private final long first;
        private final long end;
        private final ByteBuffer bytes;
        private final @Nullable Hash[] hashes;

        /// @param end how many bytes the target has
        Window(long first, long end, ByteBuffer bytes, @Nullable Hash[] hashes) {
            this.first = first;
            this.end = end;
            this.bytes = bytes;
            this.hashes = hashes;
        }

        /// Which of them are those of an image.
        BitSet of(Layout image, ChunkSource headers) throws IOException {
            BitSet found = new BitSet();
            for (int i = 0; i < hashes.length && first + i < image.blocks(); ) {
                Extent extent = image.at(first + i);
                int last = (int) Math.min(hashes.length, extent.end() - first);
                Optional<ChunkHeader> header = header(image, extent, headers);
                for (; i < last; i++) {
                    found.set(i, isRight(image, extent, header, i));
                }
            }
            return found;
        }

        private static Optional<ChunkHeader> header(Layout image, Extent extent, ChunkSource headers)
                throws IOException {
            try {
                return extent.kind() == Extent.Kind.CHUNK ? headers.header(image.id(extent.chunk())) : Optional.empty();
            } catch (Corrupt _) {
                return Optional.empty();
            }
        }

        private boolean isRight(Layout image, Extent extent, Optional<ChunkHeader> header, int i) {
            long blockEnd = (first + i + 1) * Block.BYTES;
            if (Math.min(image.length(), blockEnd) > end) {
                return false;
            }
            boolean partly = image.length() < blockEnd;
            ByteBuffer block = partly ? part(i, image.length()) : bytes.slice(i * Block.BYTES, Block.BYTES);
            return switch (extent.kind()) {
                case ZERO, HOLE -> Block.isZero(block);
                case CHUNK -> {
                    int inChunk = Layout.blockInChunk(extent, first + i);
                    Hash hash = partly ? Hash.of(block) : hash(i);
                    yield header.isPresent()
                            && inChunk < header.get().blocks()
                            && header.get().block(inChunk).equals(hash);
                }
            };
        }

        private Hash hash(int i) {
            Hash hash = hashes[i];
            if (hash == null) {
                hash = Hash.of(bytes.slice(i * Block.BYTES, Block.BYTES));
                hashes[i] = hash;
            }
            return hash;
        }

        /// The block as an image that ends within it has it.
        private ByteBuffer part(int i, long length) {
            int of = (int) (length - (first + i) * Block.BYTES);
            return ByteBuffer.allocate(Block.BYTES)
                    .put(bytes.slice(i * Block.BYTES, of))
                    .clear();
        }
    }
}
