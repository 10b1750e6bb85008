package dev.muster.bench.micro;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.chunkstore.pack.Hooks;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.chunkstore.pack.Parent;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.BlockHashes;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A disk of 128 MiB in memory is packed, on as many threads as there are cores. The chunks go nowhere.
/// Operations a second are MiB a second of the guest's disk.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(PackBenchmark.MEBIBYTES)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 1)
public class PackBenchmark {
    static final int MEBIBYTES = 128;
    private static final int BLOCKS = MEBIBYTES * 256;
    /// So many blocks of a scattered disk lie side by side as they do in its parent.
    private static final int SCATTER = 12;

    private final FrameCodec codec = new FrameCodec();
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final ExecutorService pool = Executors.newFixedThreadPool(threads);
    private final Headers headers = new Headers();
    private final DiskImage disk;
    private final DiskImage scattered;
    private final BlockHashes hashes;
    private List<Parent> parents = List.of();

    public PackBenchmark() {
        ByteBuffer bytes = bytes();
        ByteBuffer moved = ByteBuffer.allocateDirect(bytes.capacity());
        for (int i = 0; moved.hasRemaining(); i++) {
            int first = i * 7919 % (BLOCKS / SCATTER) * SCATTER;
            moved.put(bytes.slice(first * Block.BYTES, Math.min(SCATTER * Block.BYTES, moved.remaining())));
        }
        disk = new Memory(bytes);
        scattered = new Memory(moved);
        hashes = BlockHashes.of(bytes);
    }

    @Setup
    public void packParent() throws IOException {
        parents = List.of(new Parent(pack(disk, List.of()).manifest(), headers));
    }

    @TearDown
    public void close() {
        pool.close();
        codec.close();
    }

    /// Read, hashed, compressed.
    @Benchmark
    public Packed allNew() throws IOException {
        return pack(disk, List.of());
    }

    /// Read, hashed, and found among the blocks of a parent.
    @Benchmark
    public Packed nothingNew() throws IOException {
        return pack(disk, parents);
    }

    /// As above, with a run in another place for every 12 blocks: what it takes longer is looking up and
    /// planning.
    @Benchmark
    public Packed nothingNewScattered() throws IOException {
        return pack(scattered, parents);
    }

    /// The hash tree of the content, on one thread, without hashing the blocks.
    @Benchmark
    public ContentId contentTree() {
        ContentTree tree = new ContentTree();
        for (int i = 0; i < hashes.size(); i++) {
            tree.add(hashes.get(i));
        }
        return tree.id((long) BLOCKS * Block.BYTES);
    }

    /// What finding parents costs, whatever the image's length; here half of it is read.
    @Benchmark
    public Set<Hash> sampleHooks() throws IOException {
        return Hooks.sample(disk);
    }

    private Packed pack(DiskImage image, List<Parent> known) throws IOException {
        return new Packer(codec, pool, threads, Progress.NONE).pack(image, known, headers);
    }

    /// Half noise and half words.
    private static ByteBuffer bytes() {
        byte[] noise = new byte[MEBIBYTES << 20];
        Random random = new Random(1);
        random.nextBytes(noise);
        for (int i = 0; i < noise.length; i += 32) {
            int word = random.nextInt(64);
            for (int j = 0; j < 16; j++) {
                noise[i + j] = (byte) ('a' + (word + j) % 26);
            }
        }
        return ByteBuffer.allocateDirect(noise.length).put(noise).flip();
    }

    /// Keeps headers and forgets the rest.
    private static final class Headers implements ChunkSource, ChunkSink {
        private final Map<ChunkId, ChunkHeader> kept = new ConcurrentHashMap<>();

        @Override
        public Optional<Chunk> chunk(ChunkId id) {
            return Optional.empty();
        }

        @Override
        public Optional<ChunkHeader> header(ChunkId id) {
            return Optional.ofNullable(kept.get(id));
        }

        @Override
        public boolean has(ChunkId id) {
            return kept.containsKey(id);
        }

        @Override
        public void put(Chunk chunk) {
            kept.put(chunk.id(), chunk.header());
        }

        @Override
        public void flush() {}
    }

    /// A disk that is all data.
    private record Memory(ByteBuffer bytes) implements DiskImage {
        @Override
        public ImageShape shape() {
            return ImageShape.disk(bytes.capacity());
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(bytes.slice((int) offset, into.remaining()));
        }

        @Override
        public Run run(long offset) {
            return new Run(offset, bytes.capacity() - offset, Run.Kind.DATA);
        }

        @Override
        public void checkUnchanged() {}

        @Override
        public void close() {}
    }
}
