package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ChunkIndexTest {
    private static final int SEEDS = 15;

    @Test
    void theIndexSaysWhatAMapSays() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            try {
                new Comparison(seed).run(4_000);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void aMillionChunksTakeAtMostFiftyMebibytes() {
        ChunkIndex index = new ChunkIndex();
        SplittableRandom random = new SplittableRandom(1);
        long worst = 0;
        for (int i = 1; i <= 1_000_000; i++) {
            index.put(randomId(random), randomPlace(random));
            if (i % 10_000 == 0 && i >= 300_000) {
                worst = Math.max(worst, index.memoryBytes() * 1_000_000 / i);
            }
        }
        assertEquals(1_000_000, index.size());
        assertTrue(worst <= 50 << 20, worst + " bytes for a million");
    }

    @Test
    void whoIsThereFromBeginningToEndIsVisitedOnce() {
        ChunkIndex index = new ChunkIndex();
        SplittableRandom random = new SplittableRandom(3);
        Set<ChunkId> staying = new HashSet<>();
        List<ChunkId> going = new ArrayList<>();
        Place place = new Place(1, 1, 3);
        for (int i = 0; i < 30_000; i++) {
            ChunkId id = randomId(random);
            index.put(id, place);
            if (i % 2 == 0) {
                staying.add(id);
            } else {
                going.add(id);
            }
        }
        Set<ChunkId> visited = new HashSet<>();
        index.forEach((id, _) -> {
            assertTrue(visited.add(id), "visited twice");
            index.remove(going.getLast(), place);
            index.put(randomId(random), place);
            if (going.size() > 1) {
                going.removeLast();
            }
        });
        assertTrue(visited.containsAll(staying));
    }

    @Test
    void manyThreadsKeepTheirOwnChunksAndReadEachOthers() throws Exception {
        ChunkIndex index = new ChunkIndex();
        AtomicBoolean done = new AtomicBoolean();
        int writers = 4;
        try (var threads = Executors.newFixedThreadPool(writers + 2)) {
            List<Future<Map<ChunkId, Place>>> written = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int seed = i;
                written.add(threads.submit(() -> write(index, seed)));
            }
            Callable<Boolean> reader = () -> {
                while (!done.get()) {
                    index.forEach((id, place) -> {
                        // Its writer wrote the place for the chunk, and may have moved it since.
                        assertEquals(place.block(), blockOf(id));
                    });
                }
                return true;
            };
            List<Future<Boolean>> readers = List.of(threads.submit(reader), threads.submit(reader));
            Map<ChunkId, Place> all = new HashMap<>();
            for (Future<Map<ChunkId, Place>> map : written) {
                all.putAll(map.get());
            }
            done.set(true);
            for (Future<Boolean> each : readers) {
                assertTrue(each.get());
            }
            assertEquals(all.size(), index.size());
            all.forEach((id, place) -> assertEquals(Optional.of(place), index.find(id)));
        }
    }

    private static Map<ChunkId, Place> write(ChunkIndex index, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<ChunkId, Place> mine = new HashMap<>();
        List<ChunkId> ids = new ArrayList<>();
        for (int i = 0; i < 15_000; i++) {
            if (random.nextInt(3) > 0 || ids.isEmpty()) {
                ChunkId id = randomId(random);
                Place place = new Place(1 + seed, blockOf(id), 3);
                ids.add(id);
                index.put(id, place);
                mine.put(id, place);
            } else {
                ChunkId id = ids.get(random.nextInt(ids.size()));
                Place place = mine.get(id);
                if (place == null) {
                    assertFalse(index.contains(id));
                } else if (random.nextBoolean()) {
                    assertTrue(index.remove(id, place));
                    mine.remove(id);
                } else {
                    Place moved = new Place(place.segment() + 100, place.block(), 4);
                    index.put(id, moved);
                    mine.put(id, moved);
                }
            }
        }
        return mine;
    }

    private static int blockOf(ChunkId id) {
        return 1 + (int) (id.hash().c() >>> 40);
    }

    private static ChunkId randomId(RandomGenerator random) {
        return new ChunkId(new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
    }

    private static Place randomPlace(RandomGenerator random) {
        return new Place(
                random.nextInt(1, Integer.MAX_VALUE),
                random.nextInt(1, Integer.MAX_VALUE),
                random.nextInt(SegmentRecord.BLOCKS_MIN, SegmentRecord.BLOCKS_MAX + 1));
    }

    /// The same operations on an index and on a map.
    private static final class Comparison {
        private final SplittableRandom random;
        private final ChunkIndex index = new ChunkIndex();
        private final Map<ChunkId, Place> map = new HashMap<>();
        private final List<ChunkId> known = new ArrayList<>();
        private final int narrow;

        Comparison(int seed) {
            random = new SplittableRandom(seed);
            narrow = seed % 3;
        }

        void run(int operations) {
            for (int i = 0; i < operations; i++) {
                step();
            }
            check();
        }

        private void step() {
            ChunkId id = pick();
            Place place = randomPlace(random);
            Place old = map.getOrDefault(id, place);
            Place expected = random.nextInt(4) == 0 ? place : old;
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    index.put(id, place);
                    map.put(id, place);
                }
                case 2, 3 -> assertEquals(map.remove(id, expected), index.remove(id, expected));
                default -> assertEquals(map.containsKey(id), index.contains(id));
            }
            assertEquals(Optional.ofNullable(map.get(id)), index.find(id));
        }

        /// Ids that would collide, more often than chance has it: in shard, home and tag.
        private ChunkId pick() {
            if (!known.isEmpty() && random.nextInt(3) > 0) {
                return known.get(random.nextInt(known.size()));
            }
            long a = switch (narrow) {
                case 0 -> random.nextLong();
                case 1 -> random.nextLong(3) << 40;
                default -> -1L - random.nextLong(2);
            };
            ChunkId id = new ChunkId(new Hash(a, random.nextLong(), 0, random.nextInt(3)));
            known.add(id);
            return id;
        }

        private void check() {
            assertEquals(map.size(), index.size());
            Map<ChunkId, Place> found = new HashMap<>();
            index.entries().forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            assertEquals(map, found);
            Map<ChunkId, Place> visited = new HashMap<>();
            index.forEach((id, place) -> assertNull(visited.put(id, place), "visited once"));
            assertEquals(map, visited);
            for (ChunkId id : known) {
                assertEquals(Optional.ofNullable(map.get(id)), index.find(id));
            }
            map.forEach((id, place) ->
                    assertTrue(index.inSegment(place.segment()).contains(new SegmentFormat.Entry(id, place))));
        }
    }
}
