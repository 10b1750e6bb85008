package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.Tool;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Many read, write, name and collect at once, on a real file system.
@ExtendWith(Hushed.class)
final class StoreStressTest {
    private static final Logger LOG = System.getLogger(StoreStressTest.class.getName());
    private static final int SEED = Integer.getInteger("seed", 1);

    @TempDir
    private Path dir;

    private final FrameCodec codec = new FrameCodec();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong reads = new AtomicLong();

    @AfterEach
    void speak() {
        codec.close();
    }

    @Test
    void nobodyMissesWhatIsKeptWhileEverythingElseGoes() throws Exception {
        StoreSettings settings = new StoreSettings(4 << 20, 0, 1 << 20, Duration.ofMillis(5), 4 << 20, 20_000);
        List<NoiseImage> images = IntStream.range(0, 12)
                // Each shares half of its chunks with the one before.
                .mapToObj(i -> new NoiseImage(1 + i * 30, 60))
                .toList();
        try (SegmentStore store = open(settings);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                SplittableRandom random = new SplittableRandom(SEED * 100L + i);
                others.add(threads.submit(() -> readLeased(store, images, random)));
                others.add(threads.submit(() -> readNamed(store, images)));
            }
            others.add(threads.submit(() -> collect(store, new SplittableRandom(SEED * 100L + 10))));
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (String name : List.of("web", "db")) {
                SplittableRandom random = new SplittableRandom(SEED * 100L + name.length());
                writers.add(() -> write(store, images, name, random));
            }
            finish(threads.invokeAll(writers), others);
            for (NoiseImage image : images) {
                if (store.installed().contains(image.id())) {
                    readAll(store, image);
                }
            }
            store.drop("web");
            store.drop("db");
            store.collect(Goal.ALL, Progress.NONE);
            assertEquals(0, store.stat().chunks());
            assertEquals(1, store.stat().segments());
        }
    }

    /// 100,000 chunks, half of them kept: what is not is mixed with what is, so that every record is punched by
    /// itself.
    @Test
    @Tag("long")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void theRoomOfHalfOfALargeStoreIsBackInSeconds() throws Exception {
        int perImage = 10_000;
        List<NoiseImage> images = IntStream.range(0, 10)
                .mapToObj(i -> new NoiseImage(1 + i * perImage, perImage))
                .toList();
        List<NoiseImage> kept =
                IntStream.range(0, 5).mapToObj(i -> images.get(2 * i)).toList();
        try (SegmentStore store = open(StoreSettings.defaults());
                ExecutorService threads = Executors.newCachedThreadPool()) {
            fill(store, images);
            for (NoiseImage image : kept) {
                store.point("image-" + image.id().hash().brief(), image.id());
            }
            long before = allocated();
            long wanted = store.plan(Goal.ALL).freed();
            List<Future<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SplittableRandom random = new SplittableRandom(SEED * 100L + i);
                others.add(threads.submit(() -> readKept(store, kept, random)));
            }
            AtomicLong written = new AtomicLong();
            others.add(threads.submit(() -> writeOn(store, written)));
            Thread.sleep(500);
            long readBefore = reads.get();

            long start = System.nanoTime();
            CollectReport report = store.collect(Goal.ALL, Progress.NONE);
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            long after = allocated();
            long readMeanwhile = reads.get() - readBefore;

            finish(List.of(), others);
            LOG.log(
                    Level.INFO,
                    "large store collected: millis={0} chunks={1} bytes={2} allocated={3} left={4} reads={5} "
                            + "written={6}",
                    Long.toString(millis),
                    report.chunks(),
                    Long.toString(report.bytes()),
                    Long.toString(before),
                    Long.toString(after),
                    readMeanwhile,
                    Long.toString(written.get()));
            assertEquals(wanted, report.bytes());
            assertEquals(5, report.images().size());
            assertEquals(50_000, report.chunks());
            // What was written meanwhile came on top, and two segments may be reserved.
            assertTrue(
                    after <= before - report.bytes() + written.get() + (512L << 20),
                    before + " " + after + " " + report.bytes() + " " + written.get());
            assertTrue(readMeanwhile > 0);
            for (NoiseImage image : kept) {
                readAll(store, image);
            }
        }
    }

    private void fill(SegmentStore store, List<NoiseImage> images) throws IOException {
        try (Lease lease = store.lease()) {
            for (int i = 0; i < images.getFirst().chunks(); i++) {
                for (NoiseImage image : images) {
                    lease.put(image.chunk(i));
                }
            }
            for (NoiseImage image : images) {
                image.install(store, lease);
            }
        }
    }

    private boolean readKept(SegmentStore store, List<NoiseImage> kept, SplittableRandom random) throws IOException {
        while (!done.get()) {
            NoiseImage image = kept.get(random.nextInt(kept.size()));
            read(store, image, random.nextInt(image.chunks()));
        }
        return true;
    }

    private boolean writeOn(SegmentStore store, AtomicLong written) throws IOException {
        NoiseImage more = new NoiseImage(10_000_000, 1);
        try (Lease lease = store.lease()) {
            for (int i = 0; !done.get(); i++) {
                Chunk chunk = more.chunk(i);
                lease.put(chunk);
                written.addAndGet(SegmentRecord.of(chunk).bytes());
            }
        }
        return true;
    }

    /// Whoever has a lease of an image and is told that a chunk is here reads it.
    private boolean readLeased(SegmentStore store, List<NoiseImage> images, SplittableRandom random)
            throws IOException {
        while (!done.get()) {
            NoiseImage image = images.get(random.nextInt(images.size()));
            try (Lease lease = store.lease(image.id())) {
                lease.hold(image.manifest());
                List<Integer> here = IntStream.range(0, image.chunks())
                        .filter(i -> store.has(image.manifest().chunks().get(i).id()))
                        .boxed()
                        .toList();
                for (int i : here) {
                    read(store, image, i);
                }
            }
        }
        return true;
    }

    /// What a name runs is whole for as long as it is held.
    private boolean readNamed(SegmentStore store, List<NoiseImage> images) throws IOException {
        Map<ManifestId, NoiseImage> byId =
                images.stream().collect(Collectors.toMap(NoiseImage::id, Function.identity()));
        while (!done.get()) {
            for (Ref ref : store.refs()) {
                try (Lease lease = store.lease()) {
                    NoiseImage image =
                            Optional.ofNullable(byId.get(ref.current())).orElseThrow();
                    lease.hold(image.manifest());
                    if (store.ref(ref.name()).map(Ref::current).equals(Optional.of(ref.current()))) {
                        readAll(store, image);
                    }
                }
            }
        }
        return true;
    }

    private boolean collect(SegmentStore store, SplittableRandom random) throws IOException {
        while (!done.get()) {
            store.collect(new Goal(random.nextLong(20 << 20), false), Progress.NONE);
        }
        return true;
    }

    private boolean write(SegmentStore store, List<NoiseImage> images, String name, SplittableRandom random)
            throws IOException {
        for (int i = 0; i < 10; i++) {
            NoiseImage image = images.get(random.nextInt(images.size()));
            try (Lease lease = store.lease()) {
                image.installInto(store, lease);
                store.point(name, image.id());
            }
            if (random.nextBoolean()) {
                store.trim(name, random.nextInt(3));
            }
        }
        return true;
    }

    private void readAll(SegmentStore store, NoiseImage image) throws IOException {
        for (int i = 0; i < image.chunks(); i++) {
            read(store, image, i);
        }
    }

    private void read(SegmentStore store, NoiseImage image, int index) throws IOException {
        ChunkId id = image.manifest().chunks().get(index).id();
        Chunk chunk = store.chunk(id).orElseThrow(() -> new AssertionError("a chunk that is kept is gone"));
        assertEquals(id, chunk.id());
        assertEquals(chunk.header().rawBytes(), codec.decode(chunk).remaining());
        reads.incrementAndGet();
    }

    private void finish(List<Future<Boolean>> first, List<Future<Boolean>> others) throws Exception {
        try {
            for (Future<Boolean> each : first) {
                assertTrue(each.get());
            }
        } finally {
            done.set(true);
        }
        for (Future<Boolean> each : others) {
            assertTrue(each.get());
        }
    }

    private SegmentStore open(StoreSettings settings) throws IOException {
        return SegmentStore.open(dir.resolve("store"), dir.resolve("run"), settings, codec);
    }

    /// What the segments take on the disk.
    private long allocated() {
        String output = Tool.assume("du").run("--block-size=1", "--summarize", dir.resolve("store/segments"));
        return Long.parseLong(output.split("\\s", 2)[0]);
    }
}
