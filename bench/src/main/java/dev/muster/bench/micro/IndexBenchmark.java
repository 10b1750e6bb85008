package dev.muster.bench.micro;

import dev.muster.chunkstore.store.ChunkIndex;
import dev.muster.chunkstore.store.Place;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The index of a store of a million chunks: lookups of chunks that are there and of others, one thread, in an order
/// that no cache foresees; and the filling of a new one. `-t 2` asks with two threads.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexBenchmark {
    private static final int CHUNKS = 1_000_000;
    private static final int LOOKUPS = 100_000;

    private final ChunkIndex index = filled();

    /// Where a run of lookups starts, one for each thread.
    @State(Scope.Thread)
    public static class Position {
        private final SplittableRandom random = new SplittableRandom(System.nanoTime());
    }

    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public int hit(Position position) {
        int found = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            Optional<Place> place = index.find(id(position.random.nextInt(CHUNKS)));
            found += place.isPresent() ? 1 : 0;
        }
        return found;
    }

    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public int miss(Position position) {
        int found = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            found += index.contains(id(CHUNKS + position.random.nextInt(CHUNKS))) ? 1 : 0;
        }
        return found;
    }

    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public ChunkIndex insert() {
        return filled();
    }

    private static ChunkIndex filled() {
        ChunkIndex index = new ChunkIndex();
        for (int i = 0; i < CHUNKS; i++) {
            index.put(id(i), new Place(1 + i / 1000, 1 + i % 1000 * 65, 65));
        }
        return index;
    }

    /// The id of chunk `i`: bits that are spread like those of a hash (SplitMix64).
    private static ChunkId id(int i) {
        return new ChunkId(new Hash(mix(i), mix(i + 0x4000_0000_0000L), i, ~i));
    }

    private static long mix(long seed) {
        long z = seed * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
