package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.pack.Sources.SourceRun;
import dev.muster.chunkstore.pack.Windows.Window;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// What reading an image once tells: the name of its content, and where each block comes from.
///
/// @param runs cover the image, in order
record Scan(ContentId content, List<SourceRun> runs) {

    /// Hears of every block that nothing equal is known to, in image order.
    interface NewBlocks {
        /// For those who read the image once more, when they know what to make of it.
        NewBlocks LATER = (_, _, _) -> {};

        /// @param at where in `bytes` the block lies, until this returns
        void add(ByteBuffer bytes, int at, Hash name) throws IOException;
    }

    /// Reads and hashes on the pool; looks up here, in order.
    static Scan of(BlockReader reader, Sources sources, NewBlocks newBlocks, Workers workers) throws IOException {
        DiskImage image = reader.image();
        ContentTree tree = new ContentTree();
        try (Pipeline<Batch.Read> pipeline = workers.pipeline(batch -> {
            tree.add(batch.content());
            lookUp(batch, sources, newBlocks);
            workers.progress().advance(batch.bytes().limit());
            reader.buffers().release(batch.bytes());
        })) {
            for (Windows windows = new Windows(image); windows.hasNext(); ) {
                Batch batch = Batch.next(windows);
                pipeline.begin(() -> batch.read(reader));
            }
            pipeline.finish();
        }
        return new Scan(tree.id(image.shape().length()), sources.finish());
    }

    private static void lookUp(Batch.Read batch, Sources sources, NewBlocks newBlocks) throws IOException {
        int index = 0;
        for (Window window : batch.windows()) {
            switch (window.kind()) {
                case HOLE -> sources.addNothing(window.blocks(), Sources.HOLE);
                case ZERO -> sources.addNothing(window.blocks(), Sources.ZERO);
                case DATA -> {
                    for (int end = index + window.dataBlocks(); index < end; index++) {
                        Hash name = batch.hashes().get(index);
                        if (name.equals(Block.ZERO)) {
                            sources.addNothing(1, Sources.ZERO);
                        } else if (sources.add(name)) {
                            newBlocks.add(batch.bytes(), index * Block.BYTES, name);
                        }
                    }
                }
            }
        }
    }
}
