package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.image.MemoryImage;
import dev.muster.chunkstore.pack.Hooks;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packing;
import dev.muster.chunkstore.pack.Parent;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LikelyParentsTest {
    private static final int BLOCKS = 3000;

    private final Packing packing = new Packing(2);
    private final MemoryChunkStore store = packing.store();
    private final LikelyParents parents =
            new LikelyParents(new HookFiles(new FaultDisk(1 << 20), Path.of("/store/hooks"), store, store::manifest));

    @AfterEach
    void stop() {
        packing.close();
    }

    @Test
    void theVersionBeforeIsFoundAmongOthers() throws IOException {
        ManifestId other = install(packing.pack(noise(BLOCKS, 1)));
        ByteBuffer disk = noise(BLOCKS, 2);
        ManifestId before = install(packing.pack(disk));
        overwrite(disk, 100, noise(50, 3));

        assertEquals(List.of(before), likely(disk, 4));
        assertEquals(List.of(), likely(disk, 0));
        assertEquals(List.of(other), likely(noise(BLOCKS, 1), 4));
    }

    @Seeded(runs = 4)
    void anImagePackedWithParentsFoundIsThatWithParentsNamed(RandomGenerator random) throws IOException {
        Packed one = packing.pack(noise(BLOCKS, random.nextLong()));
        ByteBuffer second = noise(BLOCKS, random.nextLong());
        Packed two = packing.pack(second);
        Packed three = packing.pack(noise(BLOCKS, random.nextLong()));
        install(one);
        install(two);
        install(three);
        // Most from the second, the rest from the first, and something of its own.
        ByteBuffer mixed = ByteBuffer.allocate(BLOCKS * Block.BYTES);
        mixed.put(second.slice(0, 1900 * Block.BYTES));
        mixed.put(packing.read(one.manifest()).slice(700 * Block.BYTES, 1000 * Block.BYTES));
        mixed.put(noise(100, random.nextLong()));

        List<ManifestId> found = likely(mixed.flip(), 4);
        Packed packed = pack(mixed, found);

        assertEquals(List.of(two.manifest().id(), one.manifest().id()), found);
        assertEquals(
                packing.pack(mixed, two, one).manifest().id(), packed.manifest().id());
        assertEquals(mixed, packing.read(packed.manifest()));
        assertTrue(packed.newBytes() < 400 * Block.BYTES, () -> packed.newBytes() + " new bytes");
    }

    @Test
    void whatAddsNothingIsNotNamed() throws IOException {
        ByteBuffer disk = noise(BLOCKS, 1);
        Packed last = packing.pack(disk);
        install(last);
        for (int version = 1; version < 6; version++) {
            overwrite(disk, 300 * version, noise(200, version + 10));
            last = packing.pack(disk, last);
            install(last);
        }
        ManifestId other = install(packing.pack(noise(BLOCKS, 2)));
        overwrite(disk, 2600, noise(BLOCKS, 2).slice(0, 400 * Block.BYTES));

        List<ManifestId> found = likely(disk, 4);

        assertEquals(List.of(last.manifest().id(), other), found, "five versions before add nothing to the last");
    }

    @Test
    void fourOriginsAreFoundTheLargestFirst() throws IOException {
        int[] shares = {1300, 800, 500, 300, 100};
        ByteBuffer mixed = ByteBuffer.allocate(BLOCKS * Block.BYTES);
        List<ManifestId> origins = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            ByteBuffer origin = noise(BLOCKS, 20 + i);
            origins.add(install(packing.pack(origin)));
            mixed.put(origin.slice(0, shares[i] * Block.BYTES));
        }

        assertEquals(origins.subList(0, 4), likely(mixed.flip(), 4));
        assertEquals(origins.subList(0, 2), likely(mixed, 2));
    }

    @Test
    void whatSharesByChanceIsNoParent() throws IOException {
        ByteBuffer disk = noise(BLOCKS, 1);
        install(packing.pack(disk));
        ByteBuffer other = noise(BLOCKS, 2);
        overwrite(other, 0, disk.slice(0, 40 * Block.BYTES));

        assertEquals(List.of(), likely(other, 4));
        assertEquals(List.of(), likely(ByteBuffer.allocate(BLOCKS * Block.BYTES), 4));
    }

    @Test
    void anImageThatCannotBeReadIsPassedOver() throws IOException {
        ByteBuffer disk = noise(BLOCKS, 1);
        ManifestId there = install(packing.pack(disk));
        ManifestId gone = packing.pack(noise(BLOCKS, 2)).manifest().id();

        assertEquals(List.of(there), parents.of(Hooks.sample(new MemoryImage(disk)), List.of(gone, there), 4));
    }

    private List<ManifestId> likely(ByteBuffer disk, int max) throws IOException {
        return parents.of(Hooks.sample(new MemoryImage(disk)), store.installed(), max);
    }

    private Packed pack(ByteBuffer disk, List<ManifestId> ids) throws IOException {
        List<Parent> known = new ArrayList<>();
        for (ManifestId id : ids) {
            known.add(new Parent(store.manifest(id), store));
        }
        return packing.packer(Progress.NONE).pack(new MemoryImage(disk), known, store);
    }

    private ManifestId install(Packed packed) throws IOException {
        packed.encoded().pages().values().forEach(store::putPage);
        store.putHead(packed.manifest().head().encode());
        store.install(packed.manifest());
        return packed.manifest().id();
    }

    private static void overwrite(ByteBuffer disk, int block, ByteBuffer bytes) {
        disk.put(block * Block.BYTES, bytes, 0, bytes.limit());
    }

    private static ByteBuffer noise(int blocks, long seed) {
        byte[] bytes = new byte[blocks * Block.BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
