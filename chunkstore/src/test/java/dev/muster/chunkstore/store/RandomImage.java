package dev.muster.chunkstore.store;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// An image made by chance, for tests: its bytes, its chunks and its manifest. It has zeros, holes, noise, text,
/// blocks that several places share, and a last block that may be a part of one.
public final class RandomImage {
    private final byte[] bytes;
    private final List<Chunk> chunks;
    private final Manifest.Encoded encoded;

    private RandomImage(byte[] bytes, List<Chunk> chunks, Manifest.Encoded encoded) {
        this.bytes = bytes;
        this.chunks = chunks;
        this.encoded = encoded;
    }

    /// An image of 1 to `blocksMax` blocks in chunks of 1 to `chunkBlocksMax`.
    public static RandomImage of(RandomGenerator random, int blocksMax, int chunkBlocksMax) {
        return ofBlocks(random, random.nextInt(1, blocksMax + 1), chunkBlocksMax);
    }

    /// An image of that many blocks.
    public static RandomImage ofBlocks(RandomGenerator random, int blocks, int chunkBlocksMax) {
        Maker maker = new Maker(random, chunkBlocksMax);
        int length = blocks * Block.BYTES - (random.nextBoolean() ? 0 : random.nextInt(Block.BYTES));
        while (maker.blocks < blocks) {
            maker.addRun(Math.min(blocks - maker.blocks, random.nextInt(1, 2 * chunkBlocksMax + 1)), length);
        }
        return maker.finish(length);
    }

    /// An image of all chunks of another, and of so many blocks more in one new chunk.
    public static RandomImage withChunksOf(RandomImage other, RandomGenerator random, int blocks) {
        Maker maker = new Maker(random, blocks);
        maker.addAll(other);
        maker.addNew(blocks, Integer.MAX_VALUE);
        return maker.finish(maker.blocks * Block.BYTES);
    }

    public Manifest manifest() {
        return encoded.manifest();
    }

    public List<Chunk> chunks() {
        return chunks;
    }

    public int length() {
        return bytes.length;
    }

    /// A copy of what a guest reads.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// The pages of its manifest.
    public Map<Hash, byte[]> pages() {
        return encoded.pages();
    }

    /// Puts head and pages.
    public void putManifest(ChunkStore store) throws IOException {
        store.putHead(manifest().head().encode());
        for (byte[] page : encoded.pages().values()) {
            store.putPage(page);
        }
    }

    /// Puts head and pages.
    public void putManifest(Lease lease) throws IOException {
        lease.putHead(manifest().head().encode());
        for (byte[] page : encoded.pages().values()) {
            lease.putPage(page);
        }
    }

    /// Puts everything, and installs it.
    public void installInto(ChunkStore store) throws IOException {
        try (Lease lease = store.lease()) {
            for (Chunk chunk : chunks) {
                lease.put(chunk);
            }
            putManifest(lease);
            store.install(manifest());
        }
    }

    /// The same chunk but for one bit of one frame.
    public static Chunk damaged(Chunk chunk, int frame) {
        List<Frame> frames = new ArrayList<>(chunk.frames());
        ByteBuffer bytes = ByteBuffer.allocate(frames.get(frame).length())
                .put(frames.get(frame).view());
        int at = bytes.position() / 2;
        bytes.put(at, (byte) (bytes.get(at) ^ 1));
        frames.set(frame, new Frame(frames.get(frame).codec(), bytes.flip()));
        return new Chunk(chunk.header(), frames);
    }

    private static final class Maker {
        private final RandomGenerator random;
        private final int chunkBlocksMax;
        private final List<Chunk> chunks = new ArrayList<>();
        private final List<ByteBuffer> contents = new ArrayList<>();
        private final List<Extent> extents = new ArrayList<>();
        private int blocks;

        Maker(RandomGenerator random, int chunkBlocksMax) {
            this.random = random;
            this.chunkBlocksMax = chunkBlocksMax;
        }

        void addAll(RandomImage other) {
            try (FrameCodec codec = new FrameCodec()) {
                for (Chunk chunk : other.chunks) {
                    chunks.add(chunk);
                    contents.add(codec.decode(chunk));
                    add(Extent.ofChunk(blocks, chunk.header().blocks(), chunks.size() - 1, 0));
                }
            } catch (Corrupt e) {
                throw new IllegalStateException(e);
            }
        }

        void addRun(int wanted, int length) {
            switch (random.nextInt(6)) {
                case 0 -> add(Extent.zero(blocks, wanted));
                case 1 -> add(Extent.hole(blocks, wanted));
                case 2, 3 -> addOld(wanted, length);
                default -> addNew(wanted, length);
            }
        }

        /// Blocks of a chunk that is there already, if the image does not end in them: its last block is its
        /// own.
        private void addOld(int wanted, int length) {
            if (chunks.isEmpty() || blocks + wanted >= Block.count(length)) {
                addNew(wanted, length);
                return;
            }
            int chunk = random.nextInt(chunks.size());
            int first = random.nextInt(chunks.get(chunk).header().blocks());
            int count = Math.min(wanted, chunks.get(chunk).header().blocks() - first);
            add(Extent.ofChunk(blocks, count, chunk, first));
        }

        private void addNew(int wanted, int length) {
            int count = Math.min(wanted, random.nextInt(1, chunkBlocksMax + 1));
            byte[] bytes = new byte[count * Block.BYTES];
            if (random.nextBoolean()) {
                random.nextBytes(bytes);
            } else {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) ("muster".charAt(i % 6) + random.nextInt(2));
                }
            }
            int beyond = Math.max(0, (blocks + count) * Block.BYTES - length);
            for (int i = 0; i < beyond; i++) {
                bytes[bytes.length - 1 - i] = 0;
            }
            ByteBuffer raw = ByteBuffer.wrap(bytes);
            try (FrameCodec codec = new FrameCodec()) {
                chunks.add(codec.encode(ChunkHeader.hash(raw), raw));
            }
            contents.add(raw);
            add(Extent.ofChunk(blocks, count, chunks.size() - 1, 0));
        }

        private void add(Extent extent) {
            if (!extents.isEmpty() && extents.getLast().continuesWith(extent)) {
                extents.add(extents.removeLast().joinedWith(extent));
            } else {
                extents.add(extent);
            }
            blocks += (int) extent.blocks();
        }

        RandomImage finish(int length) {
            byte[] image = new byte[blocks * Block.BYTES];
            ContentTree tree = new ContentTree();
            for (Extent extent : extents) {
                switch (extent.kind()) {
                    case ZERO, HOLE -> tree.addZeros(extent.blocks());
                    case CHUNK -> {
                        contents.get(extent.chunk())
                                .get(
                                        extent.blockInChunk() * Block.BYTES,
                                        image,
                                        (int) extent.firstBlock() * Block.BYTES,
                                        (int) extent.blocks() * Block.BYTES);
                        for (int i = 0; i < extent.blocks(); i++) {
                            Hash hash = chunks.get(extent.chunk()).header().block(extent.blockInChunk() + i);
                            tree.add(hash);
                        }
                    }
                }
            }
            List<ChunkEntry> entries = chunks.stream()
                    .map(chunk -> new ChunkEntry(chunk.id(), chunk.header().blocks(), chunk.wireBytes()))
                    .toList();
            ImageShape shape = ImageShape.opaque(length);
            Manifest.Encoded encoded = Manifest.of(shape, tree.id(length), List.of(), entries, extents);
            return new RandomImage(java.util.Arrays.copyOf(image, length), chunks, encoded);
        }
    }
}
