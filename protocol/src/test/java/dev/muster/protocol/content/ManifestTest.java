package dev.muster.protocol.content;

import static dev.muster.protocol.content.PagingTest.in;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ManifestTest {

    @Seeded
    void whatHeadAndPagesSayIsRead(RandomGenerator random) throws IOException {
        ImageFixture image = ImageFixture.seeded(random, 1 + random.nextInt(400));
        Manifest.Encoded encoded = (random.nextBoolean() ? image : image.next(random, 5)).encoded();
        Manifest made = encoded.manifest();

        Manifest read = Manifest.read(ManifestHead.verify(made.id(), made.head().encode()), encoded);

        assertEquals(made.id(), read.id());
        assertEquals(made.head(), read.head());
        assertEquals(made.chunks(), read.chunks());
        assertEquals(made.extents(), read.extents());
    }

    @Seeded
    void theFixtureReadsBackAndSharesWhatDidNotChange(RandomGenerator random) {
        ImageFixture first = ImageFixture.seeded(random, 300);
        ImageFixture second = first.next(random, 6);
        Map<ChunkId, ByteBuffer> chunks = new HashMap<>();
        second.chunkIds().forEach(id -> chunks.put(id, second.raw(id)));
        List<ChunkId> fresh = new ArrayList<>(second.chunkIds());
        fresh.removeAll(first.chunkIds());

        assertEquals(second.disk(), ImageFixture.read(second.manifest(), chunks));
        assertTrue(fresh.stream().mapToInt(id -> second.raw(id).limit()).sum() <= 24 * Block.BYTES);
        for (ChunkId id : second.chunkIds()) {
            assertEquals(id, second.chunk(id).id());
        }
    }

    @Test
    void aTableTooLargeForTheHeadGetsIndexPages() throws IOException {
        int perHead = PageTable.PAGES_MAX * Page.EXTENTS_MAX;
        assertTrue(perHead + 1 < Manifest.EXTENTS_MAX, "a manifest may have more extents than a head names pages for");
        Map<Hash, byte[]> pages = new LinkedHashMap<>();
        Paging<Extent> twoInHead = new Paging<>(Paging.EXTENTS.table(), Page.EXTENTS_MAX, Page.REFS_MAX, 2);
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i <= 2 * Page.EXTENTS_MAX; i++) {
            extents.add(i % 2 == 0 ? Extent.zero(i, 1) : Extent.hole(i, 1));
        }

        PageTable table = twoInHead.write(extents, pages);

        assertEquals(2, table.level());
        assertEquals(1 + 3, pages.size(), "one index page and three full or last pages");
        assertTrue(pages.values().stream().allMatch(page -> page.length <= Page.BYTES_MAX));
        assertEquals(extents, twoInHead.read(table, in(pages)));
    }

    @Test
    void theLargestTablesFitTheHead() throws Corrupt {
        List<PageTable.PageRef> refs = new ArrayList<>();
        for (int i = 0; i < PageTable.PAGES_MAX; i++) {
            refs.add(new PageTable.PageRef(i, Block.ZERO));
        }
        List<ManifestId> parents = List.of(id(1), id(2), id(3), id(4));
        ManifestHead head = new ManifestHead(
                ImageShape.disk(512),
                new ContentId(Block.ZERO),
                parents,
                new PageTable(1, 1, refs),
                new PageTable(1, 1, refs));

        assertTrue(head.encode().length + Recipe.BYTES_MAX <= ManifestHead.BYTES_MAX);
        assertEquals(head, ManifestHead.decode(head.encode()));
    }

    @Test
    void anImageOfZerosHasNoChunks() throws IOException {
        ContentTree tree = new ContentTree();
        tree.addZeros(1L << 30);
        Manifest.Encoded encoded = Manifest.of(
                ImageShape.disk(1L << 42), tree.id(1L << 42), List.of(), List.of(), List.of(Extent.hole(0, 1L << 30)));

        Manifest read = Manifest.read(encoded.manifest().head(), encoded);

        assertEquals(0, read.wireBytes());
        assertEquals(encoded.manifest().id(), read.id());
    }

    @Test
    void extentsThatDoNotMakeTheImageAreRefused() {
        List<ChunkEntry> chunks = List.of(new ChunkEntry(new ChunkId(Block.ZERO), 4, 100));
        refused("expected an extent at block 0, found 1", chunks, Extent.zero(1, 7));
        refused("expected an extent at block 4, found 5", chunks, Extent.zero(0, 4), Extent.hole(5, 3));
        refused("expected an extent at block 4, found 3", chunks, Extent.zero(0, 4), Extent.hole(3, 5));
        refused("expected 8 blocks, found extents for 7", chunks, Extent.zero(0, 7));
        refused("expected 8 blocks, found extents for 9", chunks, Extent.zero(0, 9));
        refused("expected neighbours to be merged", chunks, Extent.zero(0, 4), Extent.zero(4, 4));
        refused("expected blocks of a known chunk", chunks, Extent.ofChunk(0, 4, 1, 0), Extent.zero(4, 4));
        refused("expected blocks of a known chunk", chunks, Extent.ofChunk(0, 4, 0, 1), Extent.zero(4, 4));
        refused("expected each chunk once", List.of(chunks.getFirst(), chunks.getFirst()), Extent.zero(0, 8));
    }

    private static void refused(String message, List<ChunkEntry> chunks, Extent... extents) {
        ImageShape shape = ImageShape.disk(8 * Block.BYTES);
        ContentId content = new ContentId(Block.ZERO);
        IllegalArgumentException made = assertThrows(
                IllegalArgumentException.class, () -> Manifest.of(shape, content, List.of(), chunks, List.of(extents)));
        assertTrue(String.valueOf(made.getMessage()).contains(message), made.getMessage());

        Map<Hash, byte[]> pages = new HashMap<>();
        ManifestHead head = new ManifestHead(
                shape,
                content,
                List.of(),
                Paging.CHUNKS.write(chunks, pages),
                Paging.EXTENTS.write(List.of(extents), pages));
        Corrupt read = assertThrows(Corrupt.class, () -> Manifest.read(head, in(pages)));
        assertTrue(String.valueOf(read.getMessage()).contains(message), read.getMessage());
    }

    private static ManifestId id(int value) {
        return new ManifestId(new Hash(value, 0, 0, 0));
    }
}
