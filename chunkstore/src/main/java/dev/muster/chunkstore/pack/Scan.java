package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.chunkstore.pack.Sources.SourceRun;
import dev.muster.chunkstore.pack.Windows.Window;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What reading an image once tells: the name of its content, and where each block comes from.
///
/// @param runs cover the image, in order
record Scan(ContentId content, List<SourceRun> runs) {

    /// Reads and hashes on the pool; looks up here, in order.
    static Scan of(DiskImage image, Sources sources, Workers workers) throws IOException {
        BlockReader reader = new BlockReader(image);
        ContentTree tree = new ContentTree();
        workers.progress().phase("read", dataBytes(image));
        try (Pipeline<Hashed> pipeline = workers.pipeline(hashed -> hashed.addTo(sources, tree, workers.progress()))) {
            for (Windows windows = new Windows(image); windows.hasNext(); ) {
                Window window = windows.next();
                pipeline.begin(() -> hash(window, reader));
            }
            pipeline.finish();
        }
        return new Scan(tree.id(image.shape().length()), sources.finish());
    }

    private static long dataBytes(DiskImage image) throws IOException {
        long blocks = 0;
        for (Windows windows = new Windows(image); windows.hasNext(); ) {
            Window window = windows.next();
            blocks += window.kind() == Run.Kind.DATA ? window.blocks() : 0;
        }
        return blocks * Block.BYTES;
    }

    private static Hashed hash(Window window, BlockReader reader) throws IOException {
        List<Hash> hashes = new ArrayList<>();
        if (window.kind() == Run.Kind.DATA) {
            ByteBuffer bytes = reader.take();
            reader.read(window.firstBlock(), (int) window.blocks(), bytes);
            for (int at = 0; at < bytes.position(); at += Block.BYTES) {
                ByteBuffer block = bytes.slice(at, Block.BYTES);
                hashes.add(Block.isZero(block) ? Block.ZERO : Hash.of(block));
            }
            reader.release(bytes);
        }
        return new Hashed(window, hashes);
    }

    /// A window and, if it is data, the hash of each of its blocks.
    private record Hashed(Window window, List<Hash> hashes) {

        void addTo(Sources sources, ContentTree tree, Progress progress) {
            switch (window.kind()) {
                case HOLE -> addNothing(Sources.HOLE, sources, tree);
                case ZERO -> addNothing(Sources.ZERO, sources, tree);
                case DATA -> {
                    for (Hash hash : hashes) {
                        tree.add(hash);
                        if (hash.equals(Block.ZERO)) {
                            sources.addNothing(1, Sources.ZERO);
                        } else {
                            sources.add(hash);
                        }
                    }
                    progress.advance(window.blocks() * Block.BYTES);
                }
            }
        }

        private void addNothing(int kind, Sources sources, ContentTree tree) {
            sources.addNothing(window.blocks(), kind);
            tree.addZeros(window.blocks());
        }
    }
}
