package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Whatever people do with a store, by chance: one thread puts, installs, names, leases, collects, and opens it
/// again. The same seed gives the same operations of the disk.
final class StoreLife {
    private static final Path ROOT = Path.of("/store");
    private static final List<String> NAMES = List.of("db", "web");

    /// Nothing is committed but by a flush; small enough to seal segments and take snapshots.
    private static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1500);

    private final SplittableRandom random;
    private final FrameCodec codec;
    private final List<RandomImage> images;
    private final StoreModel model;
    private final Map<ManifestId, Lease> imageLeases = new HashMap<>();
    private Optional<Lease> lease = Optional.empty();
    private Instant now = Instant.EPOCH.plus(Duration.ofDays(20_000));
    private FaultDisk disk;

    StoreLife(long seed, List<RandomImage> images, FrameCodec codec) {
        this.random = new SplittableRandom(seed);
        this.images = images;
        this.codec = codec;
        this.disk = new FaultDisk(64 << 20);
        if (random.nextInt(4) == 0) {
            disk.withoutPunching();
        }
        this.model = new StoreModel(images);
    }

    /// What a life with that seed is about.
    static List<RandomImage> images(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        List<RandomImage> images = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            images.add(RandomImage.ofBlocks(random, random.nextInt(50, 900), 120));
        }
        images.add(RandomImage.withChunksOf(images.getFirst(), random, random.nextInt(1, 120)));
        return images;
    }

    FaultDisk disk() {
        return disk;
    }

    /// So many steps, and everything is checked. The power may go on the way.
    void live(int steps) throws IOException {
        for (int i = 0; i < steps; ) {
            SegmentStore store = open();
            try {
                model.opened(store);
                for (boolean open = true; open && i < steps; i++) {
                    open = step(store);
                }
            } finally {
                closed();
                store.close();
            }
            model.flushed();
        }
    }

    /// The power goes, as chance will have it; or only the process ends, which leaves behind what is in memory,
    /// and it is not durable for all that.
    void crash(SplittableRandom how) {
        disk = how.nextInt(3) == 0 ? disk.cutAt(Integer.MAX_VALUE) : disk.afterPowerCut(how);
    }

    /// All is well again: nothing is lost, everything works, and no room is.
    void checkAfterwards() throws IOException {
        try (SegmentStore store = open()) {
            model.opened(store);
            collect(store, Goal.ALL);
            model.check(store);
            assertNoRoomIsLost(store);
        }
        try (SegmentStore store = open()) {
            model.check(store);
            assertNoRoomIsLost(store);
            for (RandomImage image : images) {
                image.installInto(store);
            }
        }
        try (SegmentStore store = open()) {
            assertEquals(images.size(), store.installed().size());
            model.check(store);
        }
        closed();
    }

    private SegmentStore open() throws IOException {
        return SegmentStore.open(StoreDirectory.open(disk, ROOT), SETTINGS, codec, () -> now, () -> {});
    }

    private void closed() {
        lease = Optional.empty();
        imageLeases.clear();
        model.closed();
    }

    /// @return whether the store stays open
    private boolean step(SegmentStore store) throws IOException {
        RandomImage image = images.get(random.nextInt(images.size()));
        switch (random.nextInt(18)) {
            case 0, 1, 2, 3, 4 -> {
                for (int i = 0; i < 4; i++) {
                    put(store, image);
                }
            }
            case 5 -> {
                store.flush();
                model.flushed();
            }
            case 6, 7 -> {
                install(store, image);
                point(
                        store,
                        NAMES.get(random.nextInt(NAMES.size())),
                        image.manifest().id());
            }
            case 8 -> install(store, image);
            case 9, 10, 15, 16 ->
                collect(
                        store,
                        List.of(Goal.GARBAGE, new Goal(1, false), Goal.ALL).get(random.nextInt(3)));
            case 11 -> leaseImage(store, image);
            case 12 -> toggleLease(store);
            case 13 -> forget(store, NAMES.get(random.nextInt(NAMES.size())));
            case 14 -> {
                now = now.plus(Duration.ofMinutes(10));
                if (random.nextInt(3) == 0) {
                    now = now.plus(Duration.ofDays(2));
                    model.expired(imageLeases.keySet());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void put(SegmentStore store, RandomImage image) throws IOException {
        if (image.chunks().isEmpty()) {
            return;
        }
        Chunk chunk = image.chunks().get(random.nextInt(image.chunks().size()));
        if (lease.isPresent()) {
            lease.get().put(chunk);
            model.held(chunk.id());
        } else {
            store.put(chunk);
        }
        model.written(chunk.id());
    }

    private void install(SegmentStore store, RandomImage image) throws IOException {
        if (lease.isPresent()) {
            for (Chunk chunk : image.chunks()) {
                lease.get().put(chunk);
                model.held(chunk.id());
            }
            image.putManifest(lease.get());
            store.install(image.manifest());
            model.heldImage(image.manifest().id());
        } else {
            image.installInto(store);
        }
        model.installed(image.manifest().id());
    }

    private void point(SegmentStore store, String name, ManifestId id) throws IOException {
        Optional<Ref> before = model.ref(name);
        Optional<Ref> after = Optional.of(before.map(ref -> ref.current().equals(id) ? ref : ref.pointedTo(id))
                .orElseGet(() -> new Ref(name, id, List.of(), 1)));
        model.changing(name, after);
        assertEquals(after, Optional.of(store.point(name, id)));
        model.changed(name, after);
    }

    private void forget(SegmentStore store, String name) throws IOException {
        Optional<Ref> before = model.ref(name);
        if (random.nextBoolean()) {
            Optional<Ref> after = before.map(ref -> ref.previous().isEmpty() ? ref : ref.trimmedTo(0));
            model.changing(name, after);
            assertEquals(after, store.trim(name, 0));
            model.changed(name, after);
        } else {
            model.changing(name, Optional.empty());
            assertEquals(before.isPresent(), store.drop(name));
            model.changed(name, Optional.empty());
        }
    }

    private void collect(SegmentStore store, Goal goal) throws IOException {
        model.collecting();
        model.collected(store, store.collect(goal, Progress.NONE));
    }

    private void leaseImage(SegmentStore store, RandomImage image) throws IOException {
        ManifestId id = image.manifest().id();
        if (imageLeases.containsKey(id)) {
            model.releasing(id);
            imageLeases.remove(id).close();
            store.flush();
            model.flushed();
            model.released(id);
        } else {
            model.leasing(id);
            Lease mine = store.lease(id);
            imageLeases.put(id, mine);
            image.putManifest(mine);
            mine.hold(image.manifest());
            model.flushed();
            model.leased(id);
        }
    }

    private void toggleLease(SegmentStore store) throws IOException {
        if (lease.isPresent()) {
            lease.get().close();
            lease = Optional.empty();
            model.letGo();
        } else {
            lease = Optional.of(store.lease());
        }
    }

    /// After a collection of everything, what the files take is what counts in them.
    private void assertNoRoomIsLost(SegmentStore store) throws IOException {
        StoreStat stat = store.stat();
        long files = disk.allocated(ROOT.resolve("segments"));
        // Header and footer of each segment, and what is reserved for the one that is being written.
        long more = stat.segments() * 4L * 4096 + SETTINGS.segmentBytes();
        long sparse = disk.punches() ? 0 : 3 * stat.chunkBytes();
        assertTrue(files <= stat.chunkBytes() + sparse + more, files + " bytes for " + stat);
        Set<Hash> named = new HashSet<>();
        for (RandomImage image : images) {
            ManifestId id = image.manifest().id();
            if (store.installed().contains(id) || model.kept().contains(id)) {
                named.add(id.hash());
                named.addAll(image.pages().keySet());
            }
        }
        for (Hash file : new ManifestFiles(disk, ROOT.resolve("manifests")).list()) {
            assertTrue(named.contains(file) || model.mayBeLeased(), "a head or page is left behind");
        }
    }
}
