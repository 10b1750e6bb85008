package dev.muster.protocol.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every format of this package, byte by byte. The expected bytes were computed by another program from the package's
/// documentation. Where one of these must change, it is a new version of the format.
class GoldenBytesTest {
    private static final HexFormat HEX = HexFormat.of();

    private static final ByteBuffer ONES = block(1);
    private static final ByteBuffer TWOS = block(2);
    private static final String HASH_OF_ONES = "3431383721510cf1c211de027cf958c183e16db5fabb6b230eb284c85e196aa9";
    private static final String HASH_OF_TWOS = "30d6bc164ea54188aa9df0c14f20c4fbc8a155c5644bcc9ef9eb05901cb07d70";
    private static final String CHUNK_ID = "d7053d92855272e91606e4529e0764883f2208bcbe40d14033f36c99387ae70d";
    private static final String CONTENT_ID = "4ee82e81b628525c474ad586d9f723d5b8136e868f4558b8607cb3fb0415b236";

    private static final String CHUNK_PAGE = "4d53545250414745" // MSTRPAGE
            + "0100" // version 1
            + "01" + "00" // a page of chunks
            + "01000000" // 1 entry
            + CHUNK_ID
            + "0200" // 2 blocks
            + "34120000"; // 0x1234 bytes on the wire
    private static final String CHUNK_PAGE_HASH = "8fed75ff13cc4b3c22a89c973dba4cdc9d7eb259a59f8ede816cf7a6a8d6952d";

    private static final String EXTENT_PAGE = "4d53545250414745" // MSTRPAGE
            + "0100" // version 1
            + "02" + "00" // a page of extents
            + "04000000" // 4 entries: first block, blocks, kind, block in chunk, chunk
            + "0000000000000000" + "02000000" + "01" + "00" + "00000000" // 0 and 1 from the chunk
            + "0200000000000000" + "01000000" + "00" + "00" + "00000000" // 2 is zero
            + "0300000000000000" + "01000000" + "01" + "01" + "00000000" // 3 is the chunk's second block again
            + "0400000000000000" + "02000000" + "02" + "00" + "00000000"; // 4 and 5 are a hole
    private static final String EXTENT_PAGE_HASH = "1bc8b400a3177640c204d16b07cca8394090393cd1d86133ce2414bea20ba1a4";

    private static final String INDEX_PAGE = "4d53545250414745" // MSTRPAGE
            + "0100" // version 1
            + "03" + "00" // a page of names of pages
            + "01000000" // 1 entry
            + "0000000000000000" // it starts with block 0
            + EXTENT_PAGE_HASH;

    private static final String HEAD = "4d53545248454144" // MSTRHEAD
            + "0100" // version 1
            + "01" // a disk
            + "0060000000000000" // of 24,576 bytes
            + "00020000" // in sectors of 512
            + "02" + "0300" + "03" + "10" + "01" // out of a qcow2, version 3, clusters of 64 KiB, compressed
            + CONTENT_ID
            + "01" // 1 parent
            + "1111111111111111111111111111111111111111111111111111111111111111"
            + "01000000" // 1 chunk
            + "04000000" // 4 extents
            + "01" + "01000000" + "0000000000000000" + CHUNK_PAGE_HASH // level 1, 1 page, starts with chunk 0
            + "01" + "01000000" + "0000000000000000" + EXTENT_PAGE_HASH; // level 1, 1 page, starts with block 0
    private static final String MANIFEST_ID = "42337157ca66e58246d3e11cb8e7ad5916aa7c23d97af05a54c8a4ae406d32d9";

    @Test
    void aChunkIsNamedByTheHashesOfItsBlocks() {
        ChunkHeader header = ChunkHeader.hash(concat(ONES, TWOS));

        assertEquals(HASH_OF_ONES + HASH_OF_TWOS, HEX.formatHex(header.toBytes()));
        assertEquals(ChunkId.parse(CHUNK_ID), header.id());
    }

    @Test
    void theZeroBlockHasItsName() {
        assertEquals("sha256:ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7", Block.ZERO.toString());
    }

    @Test
    void contentIsNamedByATreeOverItsBlocks() {
        assertEquals(ContentId.parse(CONTENT_ID), content());
    }

    @Test
    void theLastBlockIsPaddedForHashing() {
        ByteBuffer tail = ByteBuffer.allocate(Block.BYTES).put(0, TWOS, 0, Block.BYTES - 512);
        ContentTree tree = new ContentTree();
        tree.add(Hash.of(ONES));
        tree.addZeros(1);
        tree.add(Hash.of(tail));
        ContentTree one = new ContentTree();
        one.add(Hash.of(ByteBuffer.allocate(Block.BYTES).put(0, (byte) 7)));

        assertEquals(
                ContentId.parse("fec9600da2d30d27a79cb7db0e4459600cb767c82f195b31b03bfd0083f83ce1"),
                tree.id(3 * Block.BYTES - 512));
        assertEquals(ContentId.parse("35e95e16291d5b13d3c8fcb89478038ba4d4ca66779b6797168fa6ce63585d6e"), one.id(1));
    }

    @Test
    void pagesHaveTheirBytes() throws Corrupt {
        Page chunks = new Page.Chunks(entries());
        Page extents = new Page.Extents(extents());
        Page index = new Page.Index(List.of(new PageTable.PageRef(0, Hash.parse(EXTENT_PAGE_HASH))));

        for (Map.Entry<String, Page> page : Map.of(CHUNK_PAGE, chunks, EXTENT_PAGE, extents, INDEX_PAGE, index)
                .entrySet()) {
            assertEquals(page.getKey(), HEX.formatHex(page.getValue().encode()));
            assertEquals(page.getValue(), Page.decode(HEX.parseHex(page.getKey())));
        }
    }

    @Test
    void aManifestHasItsBytes() throws IOException {
        Recipe recipe = new Recipe.Qcow2(3, 16, true);
        ImageShape shape = new ImageShape(ImageShape.Kind.DISK, 6 * Block.BYTES, 512, recipe);
        List<ManifestId> parents = List.of(ManifestId.parse("11".repeat(32)));

        Manifest.Encoded encoded = Manifest.of(shape, content(), parents, entries(), extents());

        assertEquals(HEAD, HEX.formatHex(encoded.manifest().head().encode()));
        assertEquals(ManifestId.parse(MANIFEST_ID), encoded.manifest().id());
        assertEquals(encoded.manifest().head(), ManifestHead.verify(ManifestId.parse(MANIFEST_ID), HEX.parseHex(HEAD)));
        assertEquals(
                List.of(Hash.parse(CHUNK_PAGE_HASH), Hash.parse(EXTENT_PAGE_HASH)),
                List.copyOf(encoded.pages().keySet()));
    }

    @Test
    void everyWrongByteOfAHeadIsRefusedOrHasAnotherName() {
        flipEveryByte(HEX.parseHex(HEAD), bytes -> ManifestHead.decode(bytes).encode());
        byte[] bytes = HEX.parseHex(HEAD);
        bytes[40] ^= 1;
        assertThrows(Corrupt.class, () -> ManifestHead.verify(ManifestId.parse(MANIFEST_ID), bytes));
    }

    @Test
    void everyWrongByteOfAPageIsRefusedOrHasAnotherName() {
        for (String page : List.of(CHUNK_PAGE, EXTENT_PAGE, INDEX_PAGE)) {
            flipEveryByte(HEX.parseHex(page), bytes -> Page.decode(bytes).encode());
        }
        byte[] bytes = HEX.parseHex(CHUNK_PAGE);
        bytes[20] ^= 1;
        assertThrows(Corrupt.class, () -> Manifest.verifyPage(Hash.parse(CHUNK_PAGE_HASH), bytes));
    }

    @Test
    void aHeadOrPageCutShortOrGoingOnIsRefused() {
        for (String whole : List.of(CHUNK_PAGE, EXTENT_PAGE, INDEX_PAGE)) {
            byte[] bytes = HEX.parseHex(whole);
            for (int length = 0; length <= bytes.length + 1; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                if (length != bytes.length) {
                    assertThrows(Corrupt.class, () -> Page.decode(cut));
                }
            }
        }
        byte[] head = HEX.parseHex(HEAD);
        for (int length = 0; length <= head.length + 1; length++) {
            byte[] cut = Arrays.copyOf(head, length);
            if (length != head.length) {
                assertThrows(Corrupt.class, () -> ManifestHead.decode(cut));
            }
        }
    }

    /// What still decodes after a bit was flipped must encode to the flipped bytes: no two byte strings mean one thing.
    private static void flipEveryByte(byte[] bytes, Recoding recoding) {
        for (int at = 0; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = bytes.clone();
                flipped[at] ^= (byte) (1 << bit);
                assertEquals(HEX.formatHex(flipped), recode(flipped, recoding), "byte " + at + " bit " + bit);
            }
        }
    }

    private static String recode(byte[] bytes, Recoding recoding) {
        try {
            return HEX.formatHex(recoding.recode(bytes));
        } catch (Corrupt e) {
            return HEX.formatHex(bytes);
        }
    }

    private interface Recoding {
        byte[] recode(byte[] bytes) throws Corrupt;
    }

    private static List<ChunkEntry> entries() {
        return List.of(new ChunkEntry(ChunkId.parse(CHUNK_ID), 2, 0x1234));
    }

    private static List<Extent> extents() {
        return List.of(Extent.ofChunk(0, 2, 0, 0), Extent.zero(2, 1), Extent.ofChunk(3, 1, 0, 1), Extent.hole(4, 2));
    }

    private static ContentId content() {
        ContentTree tree = new ContentTree();
        tree.add(Hash.of(ONES));
        tree.add(Hash.of(TWOS));
        tree.addZeros(1);
        tree.add(Hash.of(TWOS));
        tree.addZeros(2);
        return tree.id(6 * Block.BYTES);
    }

    private static ByteBuffer concat(ByteBuffer a, ByteBuffer b) {
        return ByteBuffer.allocate(2 * Block.BYTES)
                .put(a.duplicate())
                .put(b.duplicate())
                .flip();
    }

    private static ByteBuffer block(int value) {
        byte[] bytes = new byte[Block.BYTES];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }
}
