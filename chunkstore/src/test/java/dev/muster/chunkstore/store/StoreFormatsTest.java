package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.chunkstore.store.JournalHeader.Kind;
import dev.muster.chunkstore.store.JournalRecord.Condemn;
import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.chunkstore.store.JournalRecord.Free;
import dev.muster.chunkstore.store.JournalRecord.Install;
import dev.muster.chunkstore.store.JournalRecord.Leased;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Remove;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The bytes of every format, as another program made them from the text in the package's documentation.
final class StoreFormatsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final StoreId STORE = new StoreId(UUID.fromString("00010203-0405-0607-0809-0a0b0c0d0e0f"));
    private static final String STORE_HEX = "000102030405060708090a0b0c0d0e0f";
    private static final String CHUNK_HEX = "ea4f7f0b47a96089a284e263fed4866a9e20090d066bcab7f690486f6b127392";
    private static final Place PLACE = new Place(17, 5, 4);

    /// Block `i` is filled with `i + 1`; the first frame pretends to be zstd.
    private static Chunk chunk() {
        byte[] raw = new byte[33 * Block.BYTES];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i / Block.BYTES + 1);
        }
        Frame first = new Frame(Frame.Codec.ZSTD, ByteBuffer.wrap(HEX.parseHex("28b52ffd")));
        Frame second = new Frame(Frame.Codec.RAW, ByteBuffer.wrap(raw, 32 * Block.BYTES, Block.BYTES));
        return new Chunk(ChunkHeader.hash(ByteBuffer.wrap(raw)), List.of(first, second));
    }

    private static ManifestId manifest(int fill) {
        byte[] bytes = new byte[Hash.BYTES];
        Arrays.fill(bytes, (byte) fill);
        return new ManifestId(Hash.ofBytes(bytes));
    }

    @Test
    void identity() throws IOException {
        byte[] file = STORE.encode();

        // magic, version 1, 0, store id, CRC
        assertEquals("4d53545253544f52" + "0100" + "0000" + STORE_HEX + "86f20fed", HEX.formatHex(file));
        assertEquals(STORE, StoreId.decode(file));
        assertEveryBitCounts(file, StoreId::decode);
    }

    @Test
    void segmentHeader() {
        byte[] header = SegmentFormat.encodeHeader(STORE, 17);

        assertEquals(Block.BYTES, header.length);
        assertEquals("4d5354525345474d" + "0100" + "0000" + "11000000" + STORE_HEX, HEX.formatHex(header, 0, 32));
        assertEquals("349efc8e", HEX.formatHex(header, 4092, 4096));
        assertEquals(0, count(header, 32, 4092));
    }

    @Test
    void record() throws IOException {
        Chunk chunk = chunk();
        ByteBuffer record = SegmentRecord.of(chunk).at(PLACE);
        byte[] bytes = new byte[record.remaining()];
        record.get(0, bytes);

        String expected = "4d53545252454344" + "0100" + "0000" // magic, version 1, 0
                + CHUNK_HEX
                + "11000000" + "05000000" // segment 17, block 5
                + "2100" + "01" + "02" // 33 blocks, not plain, 2 frames
                + "01" + "00000000000000" // zstd, raw
                + "04000000" + "00100000" + "000000000000000000000000000000000000000000000000" // lengths
                + "04100000" + "a8fb060b"; // payload of 4,100 bytes, its CRC
        assertEquals(expected, HEX.formatHex(bytes, 0, 104));
        assertEquals("9358959c", HEX.formatHex(bytes, 4092, 4096));
        // head, header of one block, two blocks of payload
        assertEquals(4 * Block.BYTES, bytes.length);
        assertEquals(
                "sha256:bbfe9287b7836dcb5d4c52ca2e4f0fe86f4989c7c7ead953e4066aa8eadd7b70",
                Hash.of(bytes).toString());
        assertEquals(chunk, SegmentRecord.decode(chunk.id(), PLACE, ByteBuffer.wrap(bytes)));
        assertEquals(chunk.header(), SegmentRecord.header(chunk.id(), PLACE, ByteBuffer.wrap(bytes, 0, 8192)));
    }

    @Test
    void aChunkOfRawFramesIsPlainInItsRecord() {
        byte[] raw = new byte[200 * Block.BYTES];
        new SplittableRandom(1).nextBytes(raw);
        List<Frame> frames = new java.util.ArrayList<>();
        for (int at = 0; at < raw.length; at += Frame.RAW_BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(raw, at, Math.min(Frame.RAW_BYTES, raw.length - at));
            frames.add(new Frame(Frame.Codec.RAW, bytes));
        }
        ByteBuffer record = SegmentRecord.of(new Chunk(ChunkHeader.hash(ByteBuffer.wrap(raw)), frames))
                .at(new Place(1, 1, 203));

        assertEquals(0, record.get(54));
        assertEquals(ByteBuffer.wrap(raw), record.slice(3 * Block.BYTES, raw.length));
        assertEquals(203 * Block.BYTES, record.remaining());
    }

    @Test
    void recordOfAChunkThatLiesElsewhere() throws IOException {
        Place place = new Place(17, 5, 2);
        ChunkHeader header = chunk().header();
        ByteBuffer record = SegmentRecord.elsewhere(header).at(place);
        byte[] bytes = new byte[record.remaining()];
        record.get(0, bytes);

        String expected = "4d53545252454344" + "0100" + "0000" // magic, version 1, 0
                + CHUNK_HEX
                + "11000000" + "05000000" // segment 17, block 5
                + "2100" + "02" + "00"; // 33 blocks, elsewhere, no frames
        assertEquals(expected, HEX.formatHex(bytes, 0, 56));
        assertEquals(0, count(bytes, 56, 4092));
        assertEquals("a9bbcc2e", HEX.formatHex(bytes, 4092, 4096));
        assertEquals(2 * Block.BYTES, bytes.length);
        assertEquals(
                "sha256:1db660900a5c885985f87ab4186bff3b3e404c81753b6c0b851a9a9b7fd5262d",
                Hash.of(bytes).toString());
        assertEquals(new Held(header, false), SegmentRecord.held(header.id(), place, ByteBuffer.wrap(bytes)));
        assertThrows(Corrupt.class, () -> SegmentRecord.decode(header.id(), place, ByteBuffer.wrap(bytes)));
        assertEveryBitCounts(
                Arrays.copyOf(bytes, Block.BYTES + 33 * Hash.BYTES),
                damaged -> SegmentRecord.held(header.id(), place, ByteBuffer.wrap(damaged)));
    }

    @Test
    void aRecordWithAnyBitChangedIsCorrupt() throws IOException {
        Chunk chunk = chunk();
        ByteBuffer record = SegmentRecord.of(chunk).at(PLACE);
        int headers = Block.BYTES + 33 * Hash.BYTES;
        int payload = 2 * Block.BYTES + 4100;
        for (int bit = 0; bit < record.remaining() * 8; bit += bit < 200 * 8 ? 1 : 97) {
            int at = bit / 8;
            byte before = record.get(at);
            record.put(at, (byte) (before ^ 1 << bit % 8));
            if (at < headers || (at >= 2 * Block.BYTES && at < payload)) {
                String message = "bit " + bit;
                assertThrows(Corrupt.class, () -> SegmentRecord.decode(chunk.id(), PLACE, record.duplicate()), message);
            } else {
                assertEquals(chunk, SegmentRecord.decode(chunk.id(), PLACE, record.duplicate()), "padding");
            }
            record.put(at, before);
        }
    }

    @Test
    void aRecordElsewhereThanItWasMeantToLieIsCorrupt() {
        Chunk chunk = chunk();
        ByteBuffer record = SegmentRecord.of(chunk).at(PLACE);
        Chunk other = new Chunk(
                ChunkHeader.hash(ByteBuffer.allocate(Block.BYTES).put(0, (byte) 1)),
                List.of(new Frame(Frame.Codec.RAW, ByteBuffer.allocate(Block.BYTES))));

        for (Place place : List.of(new Place(18, 5, 4), new Place(17, 6, 4))) {
            assertThrows(Corrupt.class, () -> SegmentRecord.decode(chunk.id(), place, record.duplicate()));
        }
        assertThrows(Corrupt.class, () -> SegmentRecord.decode(other.id(), PLACE, record.duplicate()));
    }

    @Test
    void segmentFooter() {
        byte[] footer = SegmentFormat.encodeFooter(STORE, 17, 9, List.of(new SegmentFormat.Entry(chunk().id(), PLACE)));

        String expected = "4d5354525345414c" + "0100" + "0000" + "11000000" + STORE_HEX
                + "01000000" // one record
                + CHUNK_HEX + "05000000" + "0400" + "0000" // its block and blocks
                + "fda84015";
        assertEquals(Block.BYTES, footer.length);
        assertEquals(expected, HEX.formatHex(footer, 0, 80));
        assertEquals(0, count(footer, 80, 4080));
        assertEquals("4d5354525345414c" + "09000000" + "8b3dfc57", HEX.formatHex(footer, 4080, 4096));
        assertEquals(2, SegmentFormat.footerBlocks(102));
        assertEquals(1, SegmentFormat.footerBlocks(101));
    }

    @Test
    void journalRecords() throws IOException {
        String put = "2a00" + "01" + "00" + CHUNK_HEX + "11000000" + "05000000" + "0400" + "d6c20bf2";
        String install = "2000" + "02" + "00" + "aa".repeat(32) + "98991fd2";
        assertRecord(put, new Put(chunk().id(), PLACE));
        assertRecord(install, new Install(manifest(0xaa)));
        assertRecord("0400" + "03" + "00" + "11000000" + "b8e0a8ad", new Seal(17));
        String condemn = "2a00" + "05" + "00" + CHUNK_HEX + "11000000" + "05000000" + "0400" + "db24a376";
        assertRecord(condemn, new Condemn(chunk().id(), PLACE));
        assertRecord("0400" + "06" + "00" + "11000000" + "d6bc6df0", new Free(17));
        String leased = "2800" + "07" + "00" + "aa".repeat(32) + "00505c18a3010000" + "44717b7d";
        assertRecord(leased, new Leased(manifest(0xaa), 1_800_000_000_000L));
        assertRecord("2000" + "08" + "00" + "aa".repeat(32) + "a14b66d6", new Remove(manifest(0xaa)));
        assertRecord("0800" + "09" + "00" + "0300000000000000" + "ee75caf3", new End(3));
    }

    @Test
    void aRecordOfANewerVersionIsRefused() {
        for (int type : List.of(0, 4, 10, 255)) {
            byte[] body = {0, 0, (byte) type, 0};
            byte[] record = Arrays.copyOf(body, 8);
            ByteBuffer.wrap(record)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .putInt(4, Checksum.of(ByteBuffer.wrap(body)));

            Corrupt e = assertThrows(Corrupt.class, () -> JournalRecord.decode("log", ByteBuffer.wrap(record)));

            assertEquals(
                    "log: expected record type 1 to 3 or 5 to 9, found " + type + ", of a newer version",
                    e.getMessage());
        }
    }

    @Test
    void logHeader() {
        byte[] header = new JournalHeader(Kind.LOG, 7, STORE).encode();

        assertEquals("4d5354524a524e4c" + "0100" + "0000" + "07000000" + STORE_HEX + "b0d3498e", HEX.formatHex(header));
        assertEquals("00000007.log", new JournalHeader(Kind.LOG, 7, STORE).fileName());
    }

    @Test
    void log() throws IOException {
        FaultDisk disk = new FaultDisk(1 << 20);
        Path dir = Path.of("/journal");
        Journal.create(disk, dir, STORE);
        try (Journal journal = Journal.open(disk, dir, STORE, 0, new Contents())) {
            journal.append(List.of(new Put(chunk().id(), PLACE), new Seal(17)));
        }

        String expected = "4d5354524a524e4c" + "0100" + "0000" + "01000000" + STORE_HEX + "3ee2c13d"
                + "0800" + "0b" + "00" + "2400000000000000" + "c894d397" // a batch at 36
                + "2a00" + "01" + "00" + CHUNK_HEX + "11000000" + "05000000" + "0400" + "d6c20bf2"
                + "0400" + "03" + "00" + "11000000" + "b8e0a8ad";
        assertEquals(expected, HEX.formatHex(disk.read(dir.resolve("00000001.log"), 4096)));
    }

    @Test
    void snapshot() throws IOException {
        Contents contents = new Contents();
        contents.replay(new Put(chunk().id(), PLACE));
        contents.replay(new Seal(17));
        contents.replay(new Install(manifest(0xaa)));
        FaultDisk disk = new FaultDisk(1 << 20);
        Path dir = Path.of("/journal");

        SnapshotFile.write(disk, dir, new JournalHeader(Kind.SNAPSHOT, 8, STORE), contents);

        String expected = "4d535452534e4150" + "0100" + "0000" + "08000000" + STORE_HEX + "4c1124ea"
                + "0400" + "03" + "00" + "11000000" + "b8e0a8ad"
                + "2000" + "02" + "00" + "aa".repeat(32) + "98991fd2"
                + "2a00" + "0a" + "00" + CHUNK_HEX + "11000000" + "05000000" + "0400" + "7c14455e"
                + "0800" + "09" + "00" + "0300000000000000" + "ee75caf3";
        assertEquals(expected, HEX.formatHex(disk.read(dir.resolve("00000008.snapshot"), 4096)));
        byte[] file = HEX.parseHex(expected);
        assertEveryBitCounts(file, bytes -> {
            disk.replace(dir.resolve("00000008.snapshot"), bytes);
            SnapshotFile.read(disk, dir, new JournalHeader(Kind.SNAPSHOT, 8, STORE), new Contents()::replay);
        });
        for (int length = 0; length < file.length; length++) {
            disk.replace(dir.resolve("00000008.snapshot"), Arrays.copyOf(file, length));
            assertThrows(
                    Corrupt.class,
                    () -> SnapshotFile.read(
                            disk, dir, new JournalHeader(Kind.SNAPSHOT, 8, STORE), new Contents()::replay));
        }
    }

    @Test
    void ref() throws IOException {
        Ref ref = new Ref("web", manifest(0xaa), List.of(manifest(0xbb), manifest(0xcc)), 9);
        byte[] file = RefFiles.encode(ref);

        String expected = "4d53545252454653" + "0100" + "0000"
                + "0300" + "776562" // web
                + "0900000000000000" // generation
                + "aa".repeat(32)
                + "02" + "bb".repeat(32) + "cc".repeat(32)
                + "082b5058";
        assertEquals(expected, HEX.formatHex(file));
        assertEquals(ref, RefFiles.decode("web", file));
        assertThrows(Corrupt.class, () -> RefFiles.decode("db", file), "a file under another name");
        assertEveryBitCounts(file, bytes -> RefFiles.decode("web", bytes));
    }

    private static void assertRecord(String hex, JournalRecord record) throws IOException {
        assertEquals(hex, HEX.formatHex(record.encode()));
        assertEquals(record, JournalRecord.decode("log", ByteBuffer.wrap(HEX.parseHex(hex))));
    }

    private interface Decoder {
        void decode(byte[] bytes) throws IOException;
    }

    private static void assertEveryBitCounts(byte[] file, Decoder decoder) {
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(Corrupt.class, () -> decoder.decode(damaged), "bit " + bit);
        }
    }

    private static int count(byte[] bytes, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += bytes[i] == 0 ? 0 : 1;
        }
        return count;
    }
}
