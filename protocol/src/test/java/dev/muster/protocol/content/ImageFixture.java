package dev.muster.protocol.content;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// A small image in memory with its manifest and the blocks of its chunks, packed in the plainest way: each block that
/// neither the parent nor this image had before goes into the next chunk.
public final class ImageFixture {
    private final ByteBuffer disk;
    private final Manifest.Encoded encoded;
    private final Map<ChunkId, ByteBuffer> chunks;

    private ImageFixture(ByteBuffer disk, Manifest.Encoded encoded, Map<ChunkId, ByteBuffer> chunks) {
        this.disk = disk;
        this.encoded = encoded;
        this.chunks = chunks;
    }

    /// An image of `blocks` blocks, about a quarter of them zero, in chunks of at most 64.
    public static ImageFixture seeded(RandomGenerator random, int blocks) {
        return of(disk(random, blocks), 64);
    }

    /// An image of these bytes (whole sectors of 512 bytes).
    public static ImageFixture of(ByteBuffer disk, int blocksPerChunk) {
        return pack(disk, List.of(), new LinkedHashMap<>(), blocksPerChunk);
    }

    /// Bytes like those of a disk: runs of zeros, of noise, and of text that compresses.
    public static ByteBuffer disk(RandomGenerator random, int blocks) {
        ByteBuffer disk = ByteBuffer.allocate(blocks * Block.BYTES);
        while (disk.hasRemaining()) {
            int run = Math.min(disk.remaining(), (1 + random.nextInt(24)) * Block.BYTES);
            fill(disk.slice(disk.position(), run), random);
            disk.position(disk.position() + run);
        }
        return disk.flip();
    }

    /// Overwrites `bytes` with zeros, noise, or text.
    public static void fill(ByteBuffer bytes, RandomGenerator random) {
        int kind = random.nextInt(4);
        ByteBuffer fresh = ByteBuffer.allocate(Math.ceilDiv(bytes.remaining(), Long.BYTES) * Long.BYTES);
        while (kind > 0 && fresh.hasRemaining()) {
            long noise = random.nextLong();
            fresh.putLong(kind == 1 ? noise : 0x6161_6161_6161_6161L + (noise & 0x0707_0707_0707_0707L));
        }
        bytes.duplicate().put(fresh.clear().limit(bytes.remaining()));
    }

    /// A next version: `edits` short runs of blocks are overwritten, and what did not change is shared.
    public ImageFixture next(RandomGenerator random, int edits) {
        ByteBuffer edited = ByteBuffer.allocate(disk.limit()).put(disk()).flip();
        int blocks = edited.limit() / Block.BYTES;
        for (int i = 0; i < edits; i++) {
            int first = random.nextInt(blocks);
            int run = Math.min(blocks - first, 1 + random.nextInt(4));
            fill(edited.slice(first * Block.BYTES, run * Block.BYTES), random);
        }
        return pack(edited, List.of(manifest().id()), new LinkedHashMap<>(chunks), 64);
    }

    public Manifest manifest() {
        return encoded.manifest();
    }

    /// A next version of these bytes (whole sectors of 512 bytes), which shares what is the same, but for chunks that
    /// `packsAnew` names: their blocks are packed once more.
    public ImageFixture next(ByteBuffer edited, Predicate<ChunkId> packsAnew, int blocksPerChunk) {
        Map<ChunkId, ByteBuffer> known = new LinkedHashMap<>(chunks);
        known.keySet().removeIf(packsAnew);
        return pack(edited, List.of(manifest().id()), known, blocksPerChunk);
    }

    /// The same image but for its last bytes (whole sectors of 512 bytes, less than a block), which the last block of
    /// its chunk still has. No packer makes such an image, but a publisher can.
    public ImageFixture cutShort(int bytes) {
        int length = disk.limit() - bytes;
        ManifestHead head = manifest().head();
        Manifest.Encoded shorter = Manifest.of(
                ImageShape.disk(length),
                head.content(),
                head.parents(),
                manifest().chunks(),
                manifest().extents());
        return new ImageFixture(disk.slice(0, length), shorter, chunks);
    }

    /// Head and pages.
    public Manifest.Encoded encoded() {
        return encoded;
    }

    /// What a guest reads.
    public ByteBuffer disk() {
        return disk.asReadOnlyBuffer();
    }

    /// The chunks that the manifest names, in its order.
    public List<ChunkId> chunkIds() {
        return manifest().chunks().stream().map(ChunkEntry::id).toList();
    }

    /// The blocks of a chunk.
    public ByteBuffer raw(ChunkId id) {
        ByteBuffer raw = chunks.get(id);
        if (raw == null) {
            throw new IllegalArgumentException("no chunk " + id + " in this image or its parents");
        }
        return raw.asReadOnlyBuffer();
    }

    /// A chunk with raw frames.
    public Chunk chunk(ChunkId id) {
        return chunkOf(raw(id));
    }

    /// The chunk, with raw frames, of these blocks.
    public static Chunk chunkOf(ByteBuffer raw) {
        List<Frame> frames = new ArrayList<>();
        for (int at = raw.position(); at < raw.limit(); at += Frame.RAW_BYTES) {
            frames.add(new Frame(Frame.Codec.RAW, raw.slice(at, Math.min(Frame.RAW_BYTES, raw.limit() - at))));
        }
        return new Chunk(ChunkHeader.hash(raw), frames);
    }

    /// What a guest reads who has only the manifest and the chunks.
    public static ByteBuffer read(Manifest manifest, Map<ChunkId, ByteBuffer> chunks) {
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(manifest.shape().blocks() * Block.BYTES));
        for (Extent extent : manifest.extents()) {
            if (extent.kind() == Extent.Kind.CHUNK) {
                ByteBuffer raw =
                        chunks.get(manifest.chunks().get(extent.chunk()).id());
                out.put(
                        (int) extent.firstBlock() * Block.BYTES,
                        raw,
                        extent.blockInChunk() * Block.BYTES,
                        (int) extent.blocks() * Block.BYTES);
            }
        }
        return out.limit((int) manifest.shape().length());
    }

    private static ImageFixture pack(
            ByteBuffer disk, List<ManifestId> parents, Map<ChunkId, ByteBuffer> chunks, int blocksPerChunk) {
        Map<Hash, Place> places = new HashMap<>();
        chunks.forEach((id, raw) -> remember(id, raw, places));
        List<ByteBuffer> fresh = new ArrayList<>();
        ContentTree tree = new ContentTree();
        List<Hash> hashes = new ArrayList<>();
        for (int at = 0; at < disk.limit(); at += Block.BYTES) {
            byte[] block = new byte[Block.BYTES];
            disk.get(at, block, 0, Math.min(Block.BYTES, disk.limit() - at));
            Hash hash = Hash.of(block);
            tree.add(hash);
            hashes.add(hash);
            if (!hash.equals(Block.ZERO) && places.putIfAbsent(hash, Place.PENDING) == null) {
                fresh.add(ByteBuffer.wrap(block));
            }
        }
        for (int first = 0; first < fresh.size(); first += blocksPerChunk) {
            List<ByteBuffer> part = fresh.subList(first, Math.min(fresh.size(), first + blocksPerChunk));
            ByteBuffer raw = ByteBuffer.allocate(part.size() * Block.BYTES);
            part.forEach(raw::put);
            ChunkId id = ChunkHeader.hash(raw.flip()).id();
            chunks.put(id, raw);
            part.forEach(block -> places.remove(Hash.of(block.rewind())));
            remember(id, raw, places);
        }
        return new ImageFixture(disk, encode(disk.limit(), tree, parents, hashes, places, chunks), chunks);
    }

    private static Manifest.Encoded encode(
            int length,
            ContentTree tree,
            List<ManifestId> parents,
            List<Hash> hashes,
            Map<Hash, Place> places,
            Map<ChunkId, ByteBuffer> chunks) {
        Map<ChunkId, Integer> used = new LinkedHashMap<>();
        List<Extent> extents = new ArrayList<>();
        for (int block = 0; block < hashes.size(); block++) {
            Extent next = Extent.zero(block, 1);
            Place place = places.get(hashes.get(block));
            if (place != null) {
                int chunk = used.computeIfAbsent(place.chunk, _ -> used.size());
                next = Extent.ofChunk(block, 1, chunk, place.block);
            }
            boolean joins = !extents.isEmpty() && extents.getLast().continuesWith(next);
            extents.add(joins ? extents.removeLast().joinedWith(next) : next);
        }
        List<ChunkEntry> entries = new ArrayList<>();
        chunks.forEach((id, raw) -> entries.add(new ChunkEntry(id, raw.limit() / Block.BYTES, raw.limit())));
        entries.removeIf(entry -> !used.containsKey(entry.id()));
        entries.sort(Comparator.comparingInt(entry -> List.copyOf(used.keySet()).indexOf(entry.id())));
        return Manifest.of(ImageShape.disk(length), tree.id(length), parents, entries, extents);
    }

    private static void remember(ChunkId id, ByteBuffer raw, Map<Hash, Place> places) {
        ChunkHeader header = ChunkHeader.hash(raw);
        for (int i = 0; i < header.blocks(); i++) {
            places.putIfAbsent(header.block(i), new Place(id, i));
        }
    }

    private record Place(ChunkId chunk, int block) {
        static final Place PENDING = new Place(new ChunkId(Block.ZERO), -1);
    }
}
