package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// The way of new chunks out: made by the pool, handed to the sink in order, and listed.
final class NewChunks implements AutoCloseable {
    private final List<ChunkEntry> entries = new ArrayList<>();
    private final Pipeline<List<Chunk>> pipeline;

    /// @param progress advances by the blocks of each chunk
    NewChunks(ChunkSink sink, Workers workers, Progress progress) {
        this.pipeline = workers.pipeline(some -> {
            for (Chunk chunk : some) {
                sink.put(chunk);
                entries.add(new ChunkEntry(chunk.id(), chunk.header().blocks(), chunk.wireBytes()));
                progress.advance(chunk.header().rawBytes());
            }
        });
    }

    /// Begins to make some.
    ///
    /// @throws IOException what a task or the sink threw
    void begin(Callable<List<Chunk>> task) throws IOException {
        pipeline.begin(task);
    }

    /// All of them, once the sink has them.
    List<ChunkEntry> finish() throws IOException {
        pipeline.finish();
        return entries;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
