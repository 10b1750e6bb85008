package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What every store does.
public abstract class ChunkStoreContract extends CollectContract {
    @Test
    void aChunkComesBackAsItWasPut() throws IOException {
        for (Chunk chunk : image.chunks()) {
            assertFalse(store.has(chunk.id()));
            assertEquals(Optional.empty(), store.chunk(chunk.id()));
            assertEquals(Optional.empty(), store.header(chunk.id()));

            store.put(chunk);

            assertTrue(store.has(chunk.id()));
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
            assertEquals(Optional.of(chunk.header()), store.header(chunk.id()));
        }
        store.flush();
        for (Chunk chunk : image.chunks()) {
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
        }
    }

    @Test
    void aChunkIsKeptOnce() throws IOException {
        Chunk chunk = image.chunks().getFirst();
        store.put(chunk);
        StoreStat once = store.stat();

        store.put(chunk);
        store.flush();
        store.put(chunk);
        store.flush();

        assertEquals(once.chunkBytes(), store.stat().chunkBytes());
        assertEquals(1, store.stat().chunks());
    }

    @Test
    void manyThreadsPutTheSameChunksAndEachIsKeptOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> putAll = () -> {
                for (Chunk chunk : image.chunks()) {
                    store.put(chunk);
                    assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
                }
                store.flush();
                return true;
            };
            for (var done :
                    threads.invokeAll(List.of(putAll, putAll, putAll, putAll, putAll, putAll, putAll, putAll))) {
                assertTrue(done.get());
            }
        }
        assertEquals(image.chunks().size(), store.stat().chunks());
    }

    @Test
    void headAndPagesComeBackAsTheyWerePut() throws IOException {
        byte[] head = image.manifest().head().encode();
        assertEquals(Optional.empty(), store.head(image.manifest().id()));
        assertThrows(Unknown.class, () -> store.page(Hash.of(head)));

        image.putManifest(store);
        image.putManifest(store);

        assertArrayEquals(head, store.head(image.manifest().id()).orElseThrow());
        Manifest read = Manifest.read(ManifestHead.decode(head), store);
        assertEquals(image.manifest().extents(), read.extents());
        assertEquals(image.manifest().chunks(), read.chunks());
        assertFalse(store.hasPage(Hash.of(new byte[1])));
    }

    @Test
    void anImageIsInstalledOnlyWhenAllOfItIsHere() throws IOException {
        assertThrows(Unknown.class, () -> store.install(image.manifest()), "no head");
        store.putHead(image.manifest().head().encode());
        assertThrows(Unknown.class, () -> store.install(image.manifest()), "no pages");
        image.putManifest(store);
        assertThrows(Unreachable.class, () -> store.install(image.manifest()), "no chunks");
        for (Chunk chunk : image.chunks().subList(1, image.chunks().size())) {
            store.put(chunk);
        }
        assertThrows(Unreachable.class, () -> store.install(image.manifest()), "not all chunks");
        assertEquals(List.of(), store.installed());

        store.put(image.chunks().getFirst());
        store.install(image.manifest());
        store.install(image.manifest());

        assertEquals(List.of(image.manifest().id()), store.installed());
        assertEquals(1, store.stat().images());
    }

    @Test
    void aNamePointsOnlyToWhatIsInstalled() {
        assertThrows(
                IllegalStateException.class,
                () -> store.point("web", image.manifest().id()));
    }

    @Test
    void pointingBackSwapsCurrentAndPrevious() throws IOException {
        RandomImage second = RandomImage.of(random, 50, 20);
        RandomImage third = RandomImage.of(random, 50, 20);
        for (RandomImage each : List.of(image, second, third)) {
            each.installInto(store);
        }
        var one = image.manifest().id();
        var two = second.manifest().id();
        var three = third.manifest().id();

        assertEquals(new ChunkStore.Ref("web", one, List.of(), 1), store.point("web", one));
        assertEquals(new ChunkStore.Ref("web", one, List.of(), 1), store.point("web", one), "nothing changes");
        assertEquals(new ChunkStore.Ref("web", two, List.of(one), 2), store.point("web", two));
        assertEquals(new ChunkStore.Ref("web", three, List.of(two, one), 3), store.point("web", three));
        assertEquals(new ChunkStore.Ref("web", two, List.of(three, one), 4), store.point("web", two));
        assertEquals(Optional.of(new ChunkStore.Ref("web", two, List.of(three, one), 4)), store.ref("web"));

        store.point("db", one);
        assertEquals(
                List.of("db", "web"),
                store.refs().stream().map(ChunkStore.Ref::name).toList());
        assertEquals(Optional.empty(), store.ref("other"));
    }

    @Test
    void onlyTheLastEightPreviousImagesAreRemembered() throws IOException {
        for (int i = 0; i < 12; i++) {
            RandomImage each = RandomImage.of(random, 3, 2);
            each.installInto(store);
            store.point("web", each.manifest().id());
        }

        assertEquals(8, store.ref("web").orElseThrow().previous().size());
        assertEquals(12, store.ref("web").orElseThrow().generation());
    }

    @Test
    void previousImagesAndNamesAreForgottenOnDemand() throws IOException {
        List<RandomImage> images = List.of(image, RandomImage.of(random, 3, 2), RandomImage.of(random, 3, 2));
        for (RandomImage each : images) {
            each.installInto(store);
            store.point("web", each.manifest().id());
        }
        assertEquals(2, store.ref("web").orElseThrow().previous().size());

        var trimmed = new ChunkStore.Ref("web", id(images.get(2)), List.of(id(images.get(1))), 4);
        assertEquals(Optional.of(trimmed), store.trim("web", 1));
        assertEquals(Optional.of(trimmed), store.trim("web", 1), "nothing changes");
        assertEquals(Optional.of(trimmed), store.ref("web"));
        assertEquals(Optional.empty(), store.trim("db", 1));

        assertTrue(store.drop("web"));
        assertFalse(store.drop("web"));
        assertEquals(List.of(), store.refs());
    }

    @Test
    void aNameIsNoPath() {
        for (String name : List.of("", ".", "..", "../x", "a/b", "A", ".hidden", "x".repeat(65))) {
            assertThrows(IllegalArgumentException.class, () -> store.ref(name), name);
        }
    }
}
