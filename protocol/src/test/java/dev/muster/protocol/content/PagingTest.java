package dev.muster.protocol.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.PageTable.PageRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The cut into pages, with limits so small that a few extents need index pages.
class PagingTest {
    private static final Paging<Extent> SMALL = new Paging<>(Paging.EXTENTS.table(), 3, 4, 2);

    @Seeded(runs = 60)
    void whatIsWrittenIsRead(RandomGenerator random) throws IOException {
        List<Extent> extents = extents(random.nextInt(50));
        Map<Hash, byte[]> pages = new LinkedHashMap<>();

        PageTable table = SMALL.write(extents, pages);

        assertEquals(extents.size() > 6 ? 2 : 1, table.level());
        assertTrue(extents.size() <= 6 || table.pages().size() == Math.ceilDiv(extents.size(), 12));
        assertEquals(extents, SMALL.read(table, in(pages)));
    }

    @Seeded(runs = 60)
    void anyOtherCutIsRefused(RandomGenerator random) {
        Map<Hash, byte[]> pages = new HashMap<>();
        PageTable table = SMALL.write(extents(30), pages);
        List<PageRef> refs = new ArrayList<>(table.pages());
        int victim = random.nextInt(refs.size());
        PageTable wrong = switch (random.nextInt(5)) {
            case 0 -> new PageTable(30 + 1 + random.nextInt(20), 2, refs);
            case 1 -> new PageTable(random.nextInt(30), 2, refs);
            case 2 -> new PageTable(30, 1, refs);
            case 3 -> {
                refs.remove(victim);
                yield new PageTable(30, 2, refs);
            }
            default -> {
                refs.set(victim, new PageRef(1000, refs.get(victim).hash()));
                yield new PageTable(30, 2, refs);
            }
        };

        assertThrows(Corrupt.class, () -> SMALL.read(wrong, in(pages)));
    }

    @Test
    void aPageThatIsNotFullIsRefused() {
        List<Extent> extents = extents(4);
        Map<Hash, byte[]> pages = new HashMap<>();
        PageRef two = SMALL.write(extents.subList(0, 2), pages).pages().getFirst();
        PageRef other = new PageRef(2, keep(new Page.Extents(extents.subList(2, 4)), pages));

        Corrupt refused =
                assertThrows(Corrupt.class, () -> SMALL.read(new PageTable(4, 1, List.of(two, other)), in(pages)));

        assertEquals("manifest: expected entries in a page to be 3, found 2", refused.getMessage());
    }

    @Test
    void aPageOfAnotherKindIsRefused() {
        Map<Hash, byte[]> pages = new HashMap<>();
        Hash chunks = keep(new Page.Chunks(List.of(new ChunkEntry(new ChunkId(Block.ZERO), 1, 1))), pages);
        PageTable direct = new PageTable(1, 1, List.of(new PageRef(0, chunks)));
        PageTable indirect =
                new PageTable(30, 2, List.of(new PageRef(0, chunks), new PageRef(1, chunks), new PageRef(2, chunks)));

        assertThrows(Corrupt.class, () -> SMALL.read(direct, in(pages)));
        assertThrows(Corrupt.class, () -> SMALL.read(indirect, in(pages)));
    }

    @Test
    void aPageWithOtherBytesIsRefused() throws IOException {
        Map<Hash, byte[]> pages = new HashMap<>();
        PageTable table = SMALL.write(extents(30), pages);
        for (Hash hash : List.copyOf(pages.keySet())) {
            Map<Hash, byte[]> wrong = new HashMap<>(pages);
            byte[] bytes = in(pages).page(hash).clone();
            bytes[bytes.length - 1] ^= 1;
            wrong.put(hash, bytes);

            assertThrows(Corrupt.class, () -> SMALL.read(table, in(wrong)));
        }
    }

    static Manifest.Pages in(Map<Hash, byte[]> pages) {
        return hash -> Optional.ofNullable(pages.get(hash)).orElseThrow();
    }

    private static List<Extent> extents(int count) {
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            extents.add(i % 2 == 0 ? Extent.zero(5L * i, 5) : Extent.hole(5L * i, 5));
        }
        return extents;
    }

    private static Hash keep(Page page, Map<Hash, byte[]> pages) {
        byte[] bytes = page.encode();
        pages.put(Hash.of(bytes), bytes);
        return Hash.of(bytes);
    }
}
