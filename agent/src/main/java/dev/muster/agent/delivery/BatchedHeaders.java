package dev.muster.agent.delivery;

import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/// The headers of a manifest's chunks without the chunks, got in batches a few ahead of whoever reads them in the
/// order of the chunk table. At most [#KEPT] batches are in memory, 512 KiB each. Safe for threads.
///
/// A header that nobody has is not here. If nobody has any of a batch, nobody is asked again: see [#failure].
public final class BatchedHeaders implements ChunkSource {
    /// How many headers come at once.
    public static final int BATCH = Message.HEADERS_MAX;

    private static final int AHEAD = 4;
    private static final int KEPT = 2 * AHEAD;

    private final List<ChunkId> chunks;
    private final Map<ChunkId, Integer> indices;
    private final Source source;

    /// The batches that were asked for; the one asked for last comes last.
    private final SequencedMap<Integer, FutureTask<List<Optional<ChunkHeader>>>> batches = new LinkedHashMap<>();

    private int missing;
    private Optional<Unreachable> failure = Optional.empty();

    /// Where batches come from.
    @FunctionalInterface
    public interface Source {
        /// The headers of these chunks, in their order, as far as they can be had; each is the header of its chunk.
        ///
        /// @param first index of the first in the manifest's table, where the others follow it
        /// @throws Unreachable if nobody has any of them
        List<Optional<ChunkHeader>> headers(int first, List<ChunkId> chunks) throws IOException, InterruptedException;
    }

    public BatchedHeaders(Manifest manifest, Source source) {
        this.chunks = manifest.chunks().stream().map(chunk -> chunk.id()).toList();
        this.indices = HashMap.newHashMap(chunks.size());
        IntStream.range(0, chunks.size()).forEach(index -> indices.put(chunks.get(index), index));
        this.source = source;
    }

    /// None: frames are not asked for.
    @Override
    public Optional<Chunk> chunk(ChunkId id) {
        return Optional.empty();
    }

    @Override
    public Optional<ChunkHeader> header(ChunkId id) throws IOException {
        Integer index = indices.get(id);
        if (index == null) {
            return Optional.empty();
        }
        Optional<ChunkHeader> header = Optional.empty();
        if (failure().isEmpty()) {
            try {
                header = await(batch(index / BATCH)).get(index % BATCH);
            } catch (Unreachable e) {
                fail(e);
            }
        }
        if (header.isEmpty()) {
            miss();
        }
        return header;
    }

    /// How many headers were asked for and are not to be had.
    public synchronized int missing() {
        return missing;
    }

    /// Why nobody was asked any more, if it came to that.
    public synchronized Optional<Unreachable> failure() {
        return failure;
    }

    private synchronized void miss() {
        missing++;
    }

    private synchronized void fail(Unreachable why) {
        failure = Optional.of(failure.orElse(why));
    }

    /// The batch, on its way or here; those that follow it are begun too.
    private synchronized FutureTask<List<Optional<ChunkHeader>>> batch(int number) {
        FutureTask<List<Optional<ChunkHeader>>> wanted = begin(number);
        int last = (chunks.size() - 1) / BATCH;
        for (int next = number + 1; next < number + AHEAD && next <= last; next++) {
            FutureTask<?> _ = begin(next);
        }
        while (batches.size() > KEPT) {
            batches.pollFirstEntry();
        }
        return wanted;
    }

    private FutureTask<List<Optional<ChunkHeader>>> begin(int number) {
        FutureTask<List<Optional<ChunkHeader>>> batch = batches.remove(number);
        if (batch == null) {
            int first = number * BATCH;
            List<ChunkId> part = chunks.subList(first, Math.min(chunks.size(), first + BATCH));
            batch = new FutureTask<>(() -> source.headers(first, part));
            Thread.ofVirtual().name("headers-" + number).start(batch);
        }
        batches.putLast(number, batch);
        return batch;
    }

    private static <T> T await(FutureTask<T> batch) throws IOException {
        try {
            return batch.get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while headers were on their way");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException("a batch of headers ended otherwise", e);
            }
        }
    }
}
