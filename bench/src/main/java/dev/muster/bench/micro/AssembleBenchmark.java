package dev.muster.bench.micro;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.AssembleReport;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.assemble.Plan;
import dev.muster.chunkstore.assemble.Target;
import dev.muster.chunkstore.assemble.Verdict;
import dev.muster.chunkstore.assemble.Verifier;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// An image of 64 MiB, half noise and half words, written from memory to memory and compared; and the plan of
/// one of 100,000 extents.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AssembleBenchmark {
    private static final int CHUNKS = 64;
    private static final int EXTENTS = 100_000;

    /// Chunks of 256 blocks, each of which the many extents name in parts of 8.
    private static final int PART_BLOCKS = 8;

    private final Map<ChunkId, Chunk> chunks = new ConcurrentHashMap<>();
    private final FrameCodec codec = new FrameCodec();
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final ExecutorService pool = Executors.newFixedThreadPool(threads);
    private final Assembler assembler = new Assembler(codec, pool, 2 * threads);
    private final Verifier verifier = new Verifier(pool, 2 * threads);
    private final Manifest image;
    private final Manifest scattered;
    private final Path written;
    private final Path target;

    private final ChunkSource source = new ChunkSource() {
        @Override
        public Optional<Chunk> chunk(ChunkId id) {
            return Optional.ofNullable(chunks.get(id));
        }

        @Override
        public Optional<ChunkHeader> header(ChunkId id) {
            return chunk(id).map(Chunk::header);
        }
    };

    public AssembleBenchmark() {
        List<ChunkEntry> entries = makeChunks();
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            extents.add(Extent.ofChunk((long) i * ChunkHeader.BLOCKS_MAX, ChunkHeader.BLOCKS_MAX, i, 0));
        }
        image = manifest(entries, extents);
        scattered = manifest(entries, scatteredExtents());
        Path tmpfs = Path.of("/dev/shm");
        Path memory = Files.isDirectory(tmpfs) ? tmpfs : Path.of(System.getProperty("java.io.tmpdir"));
        String name = "muster-bench-" + ProcessHandle.current().pid();
        written = memory.resolve(name + "-written");
        target = memory.resolve(name);
    }

    private List<ChunkEntry> makeChunks() {
        Random random = new Random(1);
        ByteBuffer blocks = ByteBuffer.allocate(ChunkHeader.BLOCKS_MAX * Block.BYTES);
        List<ChunkEntry> entries = new ArrayList<>();
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            random.nextBytes(blocks.array());
            for (int i = 0; i + 16 <= blocks.capacity(); i += 32) {
                int word = random.nextInt(64);
                for (int j = 0; j < 16; j++) {
                    blocks.put(i + j, (byte) ('a' + (word + j) % 26));
                }
            }
            Chunk made = codec.encode(ChunkHeader.hash(blocks), blocks);
            chunks.put(made.id(), made);
            entries.add(new ChunkEntry(made.id(), ChunkHeader.BLOCKS_MAX, made.wireBytes()));
        }
        return entries;
    }

    private static List<Extent> scatteredExtents() {
        Random random = new Random(2);
        List<Extent> extents = new ArrayList<>();
        long at = 0;
        while (extents.size() < EXTENTS) {
            int part = random.nextInt(ChunkHeader.BLOCKS_MAX / PART_BLOCKS);
            Extent next = extents.size() % 4 == 3
                    ? Extent.zero(at, PART_BLOCKS)
                    : Extent.ofChunk(at, PART_BLOCKS, random.nextInt(CHUNKS), part * PART_BLOCKS);
            if (extents.isEmpty() || !extents.getLast().continuesWith(next)) {
                extents.add(next);
                at = next.end();
            }
        }
        return extents;
    }

    private static Manifest manifest(List<ChunkEntry> chunks, List<Extent> extents) {
        // Nobody asks for the content id here.
        ContentTree zeros = new ContentTree();
        zeros.addZeros(extents.getLast().end());
        long length = extents.getLast().end() * Block.BYTES;
        return Manifest.of(ImageShape.opaque(length), zeros.id(length), List.of(), chunks, extents)
                .manifest();
    }

    @Setup
    public void write() throws IOException {
        restore(written);
    }

    @TearDown
    public void close() throws IOException {
        pool.close();
        codec.close();
        Files.deleteIfExists(written);
        Files.deleteIfExists(target);
    }

    /// 100,000 extents, to a file that is not there.
    @Benchmark
    public Plan plan() throws IOException {
        try (Target opened = Target.open(target, scattered.shape().length())) {
            return assembler.plan(scattered, source, opened, Progress.NONE);
        }
    }

    /// 64 MiB: decoded, hashed and written to a new file.
    @Benchmark
    public AssembleReport restore() throws IOException {
        Files.deleteIfExists(target);
        return restore(target);
    }

    /// 64 MiB: read and hashed.
    @Benchmark
    public Verdict verify() throws IOException {
        return verifier.verify(image, source, written, Progress.NONE);
    }

    private AssembleReport restore(Path path) throws IOException {
        try (Target opened = Target.open(path, image.shape().length())) {
            Plan plan = assembler.plan(image, source, opened, Progress.NONE);
            return assembler.run(plan, source, opened, Progress.NONE);
        }
    }
}
