package dev.muster.bench.micro;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One chunk of 1 MiB, half noise and half words: hashed, compressed, decompressed and verified. Operations
/// a second are MiB a second of the guest's disk.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkBenchmark {
    private final FrameCodec codec = new FrameCodec();
    private final ByteBuffer blocks = ByteBuffer.allocate(1 << 20);
    private final ByteBuffer out = ByteBuffer.allocate(1 << 20);
    private final Chunk chunk;

    public ChunkBenchmark() {
        Random random = new Random(1);
        random.nextBytes(blocks.array());
        for (int i = 0; i + 16 <= blocks.capacity(); i += 32) {
            int word = random.nextInt(64);
            for (int j = 0; j < 16; j++) {
                blocks.put(i + j, (byte) ('a' + (word + j) % 26));
            }
        }
        chunk = codec.encode(ChunkHeader.hash(blocks), blocks);
    }

    @TearDown
    public void close() {
        codec.close();
    }

    /// SHA-256 of every block.
    @Benchmark
    public ChunkHeader hash() {
        return ChunkHeader.hash(blocks);
    }

    /// zstd, as at publish.
    @Benchmark
    public Chunk compress() {
        return codec.encode(chunk.header(), blocks);
    }

    /// What every receiver and every writer of a target does.
    @Benchmark
    public ByteBuffer decompressAndVerify() throws Corrupt {
        out.clear();
        for (int i = 0; i < chunk.frames().size(); i++) {
            codec.decode(chunk.header(), i, chunk.frames().get(i), out);
        }
        return out;
    }
}
