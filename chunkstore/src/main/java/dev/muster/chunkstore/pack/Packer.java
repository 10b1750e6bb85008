package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// Turns images into chunks and manifests, as this package's documentation says. It reports the phases `index` (bytes
/// of the parents' headers), `read` (bytes of the image that are neither zeros nor holes by its container) and `pack`
/// (bytes that are new).
///
/// Memory: about 42 bytes for each block of the parents and each new block, of at most 2^26 that are remembered, some
/// MiB for each thread, and the manifest.
public final class Packer {
    private final FrameCodec codec;
    private final Workers workers;
    private final int tableMax;

    /// @param cpu platform threads that read, hash and compress
    /// @param threads how many it has
    public Packer(FrameCodec codec, ExecutorService cpu, int threads, Progress progress) {
        this(codec, cpu, threads, progress, BlockTable.BLOCKS_MAX);
    }

    /// @param tableMax how many blocks are remembered
    Packer(FrameCodec codec, ExecutorService cpu, int threads, Progress progress, int tableMax) {
        this.codec = codec;
        this.workers = new Workers(cpu, threads, progress);
        this.tableMax = tableMax;
    }

    /// Packs an image. When this returns, its new chunks are durable in the sink; head and pages are the caller's to
    /// keep.
    ///
    /// @param parents at most 4, the likeliest first
    /// @throws dev.muster.protocol.MusterException.Corrupt if the image is corrupt, or changes while it is read
    /// @throws java.io.InterruptedIOException if this thread is interrupted
    public Packed pack(DiskImage image, List<Parent> parents, ChunkSink sink) throws IOException {
        if (parents.size() > ManifestHead.PARENTS_MAX) {
            throw new IllegalArgumentException("at most 4 parents, not " + parents.size());
        }
        BlockTable table = new BlockTable(tableMax);
        ParentBlocks known = ParentBlocks.load(parents, table, workers.progress());
        Scan scan = Scan.of(image, new Sources(table, known.blocks()), workers);
        Layout layout = Layout.decide(scan.runs(), known, table.size());
        List<ChunkEntry> stored = new Storing(new BlockReader(image), table, codec).store(layout, sink, workers);
        sink.flush();
        Tables tables = Tables.of(layout, known, stored);
        List<ManifestId> ids =
                parents.stream().map(parent -> parent.manifest().id()).toList();
        return report(Manifest.of(image.shape(), scan.content(), ids, tables.chunks(), tables.extents()), parents);
    }

    private static Packed report(Manifest.Encoded encoded, List<Parent> parents) {
        Set<ChunkId> theirs = new HashSet<>();
        for (Parent parent : parents) {
            parent.manifest().chunks().forEach(chunk -> theirs.add(chunk.id()));
        }
        Manifest manifest = encoded.manifest();
        List<ChunkEntry> fresh = manifest.chunks().stream()
                .filter(chunk -> !theirs.contains(chunk.id()))
                .toList();
        long zeroBytes = 0;
        long sharedBytes = 0;
        for (Extent extent : manifest.extents()) {
            long end = Math.min(extent.end() * Block.BYTES, manifest.shape().length());
            long bytes = end - extent.firstBlock() * Block.BYTES;
            if (extent.kind() != Extent.Kind.CHUNK) {
                zeroBytes += bytes;
            } else if (theirs.contains(manifest.chunks().get(extent.chunk()).id())) {
                sharedBytes += bytes;
            }
        }
        long newBytes = fresh.stream()
                .mapToLong(chunk -> (long) chunk.blocks() * Block.BYTES)
                .sum();
        int sharedChunks = manifest.chunks().size() - fresh.size();
        return new Packed(encoded, zeroBytes, sharedBytes, newBytes, fresh.size(), sharedChunks);
    }
}
