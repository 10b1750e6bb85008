package dev.muster.chunkstore.store;

import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The store's own files, as a failing disk or another program may leave them: with checksums that are right, which
/// chance alone would not find.
final class StoreFuzzTest implements Fuzzed {
    private static final ManifestId MANIFEST = new ManifestId(Hash.of(new byte[] {1}));
    private static final Place PLACE = new Place(17, 5, 4);

    @Override
    public List<Fuzzing> targets() {
        return List.of(recordsOfTheJournal(), refs(), hooks(), recordsOfASegment());
    }

    private static Fuzzing recordsOfTheJournal() {
        List<JournalRecord> records = List.of(
                new JournalRecord.Install(MANIFEST),
                new JournalRecord.Put(chunk().header().id(), PLACE),
                new JournalRecord.Seal(3),
                new JournalRecord.Leased(MANIFEST, 1L << 40),
                new JournalRecord.End(9));
        List<byte[]> seeds = new ArrayList<>();
        records.forEach(record -> seeds.add(unsealed(record.encode())));
        return Fuzzing.of(
                "journal-record", seeds, bytes -> JournalRecord.decode("record", ByteBuffer.wrap(sealed(bytes))));
    }

    private static Fuzzing refs() {
        byte[] ref = RefFiles.encode(new ChunkStore.Ref("web", MANIFEST, List.of(MANIFEST), 3));
        return Fuzzing.of("ref", List.of(unsealed(ref)), bytes -> RefFiles.decode("web", sealed(bytes)));
    }

    private static Fuzzing hooks() {
        byte[] hooks = HookFiles.encode(MANIFEST, new long[] {1, 2, 3});
        return Fuzzing.of("hooks", List.of(unsealed(hooks)), bytes -> HookFiles.decode(MANIFEST, sealed(bytes)));
    }

    private static Fuzzing recordsOfASegment() {
        Chunk chunk = chunk();
        SegmentRecord record = SegmentRecord.of(chunk);
        Place place = new Place(17, 5, record.blocks());
        byte[] bytes = new byte[record.blocks() * Block.BYTES];
        record.at(place).get(bytes);
        return Fuzzing.of(
                "segment-record",
                List.of(bytes),
                mutated -> SegmentRecord.decode(
                        chunk.header().id(), place, ByteBuffer.wrap(Arrays.copyOf(mutated, bytes.length))));
    }

    private static Chunk chunk() {
        byte[] raw = new byte[2 * Block.BYTES];
        Arrays.fill(raw, (byte) 7);
        return new Chunk(
                ChunkHeader.hash(ByteBuffer.wrap(raw)), List.of(new Frame(Frame.Codec.RAW, ByteBuffer.wrap(raw))));
    }

    private static byte[] unsealed(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - Checksum.BYTES);
    }

    private static byte[] sealed(byte[] bytes) {
        return Checksum.append(new ByteWriter(bytes.length + Checksum.BYTES).bytes(ByteBuffer.wrap(bytes)));
    }
}
