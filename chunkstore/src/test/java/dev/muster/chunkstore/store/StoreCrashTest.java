package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The power is cut at every kind of moment, several times in a row, and what was promised is still true.
final class StoreCrashTest {
    /// What a store says when its disk fails is not the news here.
    private static final Logger QUIET = Logger.getLogger(Committer.class.getName());

    private static final Path ROOT = Path.of("/store");
    private static final int SEEDS = Integer.getInteger("seeds", 50);
    private static final int FIRST_SEED = Integer.getInteger("seed", 1);

    /// Nothing is committed but by a flush, so that a seed always gives the same operations; small enough to seal
    /// segments and take snapshots.
    /// Nothing is stored plain: it stays empty.
    private static final FrameCodec CODEC = new FrameCodec();

    private static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1500);

    @BeforeEach
    void hush() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        QUIET.setLevel(null);
    }

    @Test
    void noCrashLosesOrDamagesWhatWasPromised() {
        live(FIRST_SEED, SEEDS);
    }

    @Test
    @Tag("long")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void noCrashInManyLivesLosesOrDamagesWhatWasPromised() {
        live(1_000_000, 5_000);
    }

    private static void live(int firstSeed, int seeds) {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                new Life(seed).run();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (replay with -Dseed=" + seed + " -Dseeds=1)", e);
            }
        }
    }

    /// One store through several power cuts.
    private static final class Life {
        private final SplittableRandom random;
        private final List<RandomImage> images = new ArrayList<>();
        private final Map<ChunkId, Chunk> known = new HashMap<>();
        private final Set<ChunkId> written = new HashSet<>();
        private final Set<ChunkId> durable = new HashSet<>();
        private final Set<ManifestId> installed = new HashSet<>();
        private Optional<Ref> pointed = Optional.empty();
        private Optional<Ref> pointing = Optional.empty();
        private FaultDisk disk = new FaultDisk(64 << 20);

        Life(int seed) {
            this.random = new SplittableRandom(seed);
            for (int i = 0; i < 4; i++) {
                RandomImage image = RandomImage.ofBlocks(random, random.nextInt(50, 900), 120);
                images.add(image);
                image.chunks().forEach(chunk -> known.put(chunk.id(), chunk));
            }
        }

        void run() throws IOException {
            for (int cuts = 0; cuts < 6; cuts++) {
                disk.cutAt(disk.operations() + 1 + random.nextInt(cuts == 0 ? 250 : random.nextInt(5, 100)));
                try {
                    live(60);
                } catch (IOException e) {
                    assertTrue(e.toString().contains("no power"), e.toString());
                }
                // A process that is killed leaves behind what is in memory, and it is not durable for
                // all that.
                disk = random.nextInt(3) == 0 ? disk.cutAt(Integer.MAX_VALUE) : disk.afterPowerCut(random);
            }
            try (SegmentStore store = open()) {
                check(store);
                for (RandomImage image : images) {
                    image.installInto(store);
                }
            }
            try (SegmentStore store = open()) {
                assertEquals(images.size(), store.installed().size());
                check(store);
            }
        }

        private void live(int steps) throws IOException {
            written.clear();
            for (int i = 0; i < steps; ) {
                SegmentStore store = open();
                try {
                    check(store);
                    i = live(store, i, steps);
                } finally {
                    store.close();
                }
                durable.addAll(written);
            }
        }

        /// @return the step at which the store is to be closed
        private int live(SegmentStore store, int from, int steps) throws IOException {
            for (int i = from; i < steps; i++) {
                RandomImage image = images.get(random.nextInt(images.size()));
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> {
                        if (!image.chunks().isEmpty()) {
                            Chunk chunk = image.chunks()
                                    .get(random.nextInt(image.chunks().size()));
                            store.put(chunk);
                            written.add(chunk.id());
                        }
                    }
                    case 4, 5 -> {
                        store.flush();
                        durable.addAll(written);
                    }
                    case 6 -> {
                        image.installInto(store);
                        installed.add(image.manifest().id());
                        point(store, image.manifest().id());
                    }
                    default -> {
                        return i + 1;
                    }
                }
            }
            return steps;
        }

        private void point(SegmentStore store, ManifestId id) throws IOException {
            pointing = Optional.of(pointed.map(ref -> ref.current().equals(id) ? ref : ref.pointedTo(id))
                    .orElseGet(() -> new Ref("web", id, List.of(), 1)));
            pointed = Optional.of(store.point("web", id));
            assertEquals(pointing, pointed);
        }

        private SegmentStore open() throws IOException {
            return SegmentStore.open(StoreDirectory.open(disk, ROOT), SETTINGS, CODEC, () -> {});
        }

        private void check(SegmentStore store) throws IOException {
            for (ChunkId id : durable) {
                assertTrue(store.has(id), "a durable chunk is lost");
            }
            for (Chunk chunk : known.values()) {
                if (store.has(chunk.id())) {
                    assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
                    durable.add(chunk.id());
                }
            }
            assertTrue(store.installed().containsAll(installed), "an installed image is lost");
            for (ManifestId id : store.installed()) {
                ManifestHead head = ManifestHead.verify(id, store.head(id).orElseThrow());
                for (ChunkEntry chunk : Manifest.read(head, store).chunks()) {
                    assertTrue(store.has(chunk.id()), "an installed image lacks a chunk");
                }
                installed.add(id);
            }
            Optional<Ref> ref = store.ref("web");
            assertTrue(ref.equals(pointed) || ref.equals(pointing), "expected " + pointed + ", found " + ref);
            pointed = ref;
            ref.ifPresent(found -> assertTrue(store.installed().contains(found.current())));
        }
    }
}
