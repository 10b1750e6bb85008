package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// Turns images into chunks and manifests, as this package's documentation says. For one image at a time.
///
/// It reports the phases `index` (bytes of the parents' headers), and then, if there are parents, `read`
/// (bytes of the image that are neither zeros nor holes by its container) and `pack` (bytes that are new); if
/// there are none, `pack` is the only one, of all that is read.
///
/// Memory, outside the heap: 64 MiB and about 8 MiB for each thread. On it: about 46 bytes for each block of
/// the parents and each new block, of which only as many are remembered as half the heap holds, and at most
/// 2^26; and about 150 bytes for each run of blocks that lie elsewhere than the ones before, which becomes an
/// extent. The length of the image costs nothing.
public final class Packer {
    private final FrameCodec codec;
    private final Workers workers;
    private final Buffers buffers = new Buffers();
    private final int tableMax;

    /// @param cpu platform threads that read, hash and compress
    /// @param threads how many it has
    public Packer(FrameCodec codec, ExecutorService cpu, int threads, Progress progress) {
        this(codec, cpu, threads, progress, BlockTable.blocksInHalfTheHeap());
    }

    /// @param tableMax how many blocks are remembered
    Packer(FrameCodec codec, ExecutorService cpu, int threads, Progress progress, int tableMax) {
        this.codec = codec;
        this.workers = new Workers(cpu, threads, progress);
        this.tableMax = tableMax;
    }

    /// Packs an image. When this returns, its new chunks are durable in the sink; head and pages are the
    /// caller's to keep.
    ///
    /// @param parents at most 4, the likeliest first
    /// @throws dev.muster.protocol.MusterException.Corrupt if the image is corrupt, or changes while it is
    /// read
    /// @throws java.io.InterruptedIOException if this thread is interrupted
    public Packed pack(DiskImage image, List<Parent> parents, ChunkSink sink) throws IOException {
        if (parents.size() > ManifestHead.PARENTS_MAX) {
            throw new IllegalArgumentException("at most 4 parents, not " + parents.size());
        }
        BlockTable table = new BlockTable(tableMax);
        ParentBlocks known = ParentBlocks.load(parents, table, workers.progress());
        BlockReader reader = new BlockReader(image, buffers);
        Placed placed = known.blocks() == 0 ? packAll(reader, table, sink) : packNew(reader, known, table, sink);
        image.checkUnchanged();
        sink.flush();
        Tables tables = Tables.of(placed.layout, known, placed.stored);
        List<ManifestId> ids =
                parents.stream().map(parent -> parent.manifest().id()).toList();
        return report(Manifest.of(image.shape(), placed.content, ids, tables.chunks(), tables.extents()), parents);
    }

    /// @param stored the new chunks, in the order of places
    private record Placed(ContentId content, Layout layout, List<ChunkEntry> stored) {}

    private Placed packAll(BlockReader reader, BlockTable table, ChunkSink sink) throws IOException {
        ParentBlocks none = new ParentBlocks(List.of());
        workers.progress().phase("pack", Windows.dataBytes(reader.image()));
        try (NewChunks chunks = new NewChunks(sink, workers, Progress.NONE)) {
            SinglePass pass = new SinglePass(reader, codec, chunks);
            Scan scan = Scan.of(reader, new Sources(table, 0), pass, workers);
            Layout layout = Layout.decide(scan.runs(), none, table.size());
            return new Placed(scan.content(), layout, pass.finish(layout));
        }
    }

    private Placed packNew(BlockReader reader, ParentBlocks known, BlockTable table, ChunkSink sink)
            throws IOException {
        workers.progress().phase("read", Windows.dataBytes(reader.image()));
        Scan scan = Scan.of(reader, new Sources(table, known.blocks()), Scan.NewBlocks.LATER, workers);
        Layout layout = Layout.decide(scan.runs(), known, table.size());
        workers.progress().phase("pack", (long) layout.stored() * Block.BYTES);
        try (NewChunks chunks = new NewChunks(sink, workers, workers.progress())) {
            return new Placed(scan.content(), layout, new SecondPass(reader, table, codec, chunks).store(layout));
        }
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
