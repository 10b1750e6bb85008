package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.MemoryImage;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A packer with its pool, codec and a store in memory, for tests.
public final class Packing implements AutoCloseable {
    private final MemoryChunkStore store = new MemoryChunkStore();
    private final FrameCodec codec = new FrameCodec();
    private final ExecutorService pool;
    private final int threads;

    public Packing(int threads) {
        this.pool = Executors.newFixedThreadPool(threads);
        this.threads = threads;
    }

    public MemoryChunkStore store() {
        return store;
    }

    public Packer packer(Progress progress) {
        return new Packer(codec, pool, threads, progress);
    }

    Packer packer(int tableMax) {
        return new Packer(codec, pool, threads, Progress.NONE, tableMax);
    }

    /// Packs into the store, against images that were packed into it.
    public Packed pack(DiskImage image, Packed... parents) throws IOException {
        return packer(Progress.NONE).pack(image, parents(parents), store);
    }

    public Packed pack(ByteBuffer disk, Packed... parents) throws IOException {
        return pack(new MemoryImage(disk), parents);
    }

    public List<Parent> parents(Packed... parents) {
        return Arrays.stream(parents)
                .map(parent -> new Parent(parent.manifest(), store))
                .toList();
    }

    /// What a guest reads from the manifest and the chunks of the store.
    public ByteBuffer read(Manifest manifest) throws IOException {
        return read(manifest, store, codec);
    }

    static ByteBuffer read(Manifest manifest, ChunkSource source, FrameCodec codec) throws IOException {
        Map<ChunkId, ByteBuffer> chunks = new HashMap<>();
        for (var chunk : manifest.chunks()) {
            chunks.put(chunk.id(), codec.decode(source.chunk(chunk.id()).orElseThrow()));
        }
        return ImageFixture.read(manifest, chunks);
    }

    /// The names of the blocks of a disk that are not zero.
    public static Set<Hash> blocks(ByteBuffer disk) {
        Set<Hash> blocks = new HashSet<>();
        for (int at = 0; at < disk.limit(); at += Block.BYTES) {
            byte[] block = new byte[Block.BYTES];
            disk.get(at, block, 0, Math.min(Block.BYTES, disk.limit() - at));
            blocks.add(Hash.of(block));
        }
        blocks.remove(Block.ZERO);
        return blocks;
    }

    @Override
    public void close() {
        pool.close();
        codec.close();
    }
}
