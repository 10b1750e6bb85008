package dev.muster.agent.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Numbers;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.key.KeyId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// What was seen numbered, in two files, each written whole and one after the other: any one of them may rot, or be cut
/// off, and the other says it. The format is in this package's documentation.
final class NumbersFile {
    private static final Logger LOG = System.getLogger(NumbersFile.class.getName());
    private static final String MAGIC = "MSTRNUMS";
    private static final int MARK_BYTES = 8 + 32 + 32 + 8;
    private static final int MARKS_MAX = 4 * PinBook.NUMBERS_MAX;
    private static final int BYTES_MAX = Root.KEYS_MAX * MARKS_MAX * MARK_BYTES;

    private final List<Path> copies;
    private long generation;

    /// @param path of both files, but for what they end with
    NumbersFile(Path path) {
        this.copies = List.of(path.resolveSibling(path.getFileName() + "-a"), path.resolveSibling(path.getFileName() + "-b"));
    }

    /// Returns when both files are on the disk.
    void write(Numbers numbers) throws IOException {
        generation++;
        byte[] bytes = encode(generation, numbers);
        for (Path copy : copies) {
            DurableFile.write(copy, bytes);
        }
    }

    /// What was written last, or nothing. Where neither file can be read, the documents that are kept say their own
    /// numbers, and only those of what they superseded are lost.
    Numbers read() throws IOException {
        Optional<Copy> newest = Optional.empty();
        for (Path copy : copies) {
            try {
                if (Files.exists(copy)) {
                    Copy found = decode(copy.toString(), DurableFile.read(copy, BYTES_MAX));
                    newest = newest.filter(other -> other.generation >= found.generation).or(() -> Optional.of(found));
                }
            } catch (Corrupt | IllegalArgumentException e) {
                LOG.log(Level.ERROR, "numbers unreadable: file={0} cause={1}", copy, e.getMessage());
            }
        }
        generation = newest.map(Copy::generation).orElse(0L);
        return newest.map(Copy::numbers).orElseGet(Numbers::none);
    }

    private record Copy(long generation, Numbers numbers) {}

    static byte[] encode(long generation, Numbers numbers) {
        ByteWriter out = new ByteWriter(4096).magic(MAGIC).u16(2).u64(generation).u64(numbers.root());
        out.u8(numbers.revocations().isPresent() ? 1 : 0);
        numbers.revocations().ifPresent(seen -> write(seen, out));
        out.u8(numbers.freshness().size());
        numbers.freshness().forEach((key, seen) -> {
            key.hash().write(out);
            write(seen, out);
        });
        out.u8(numbers.pins().size());
        for (PinBook.Used used : numbers.pins()) {
            used.key().hash().write(out);
            out.u64(used.floor()).u32(used.marks().size());
            for (PinBook.Mark mark : used.marks()) {
                mark.pin().write(out.u64(mark.number()));
                mark.previous().write(out);
                out.u64(mark.since());
            }
        }
        byte[] body = out.toBytes();
        return out.u32(crc(body, body.length)).toBytes();
    }

    private static Copy decode(String what, byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of(what, bytes);
        in.magic(MAGIC);
        int version = in.u16();
        if (version != 2) {
            throw in.refuse("version 2", version);
        }
        long generation = in.u64();
        long root = in.u64();
        Optional<Numbers.Seen> revocations = in.flag() ? Optional.of(readSeen(in)) : Optional.empty();
        SortedMap<KeyId, Numbers.Seen> freshness = new TreeMap<>();
        int fresh = in.u8(Root.KEYS_MAX);
        for (int i = 0; i < fresh; i++) {
            freshness.put(new KeyId(Hash.read(in)), readSeen(in));
        }
        List<PinBook.Used> pins = new ArrayList<>();
        int keys = in.u8(Root.KEYS_MAX);
        for (int i = 0; i < keys; i++) {
            pins.add(readUsed(in));
        }
        long expected = in.u32();
        in.end();
        if (expected != crc(bytes, bytes.length - Integer.BYTES)) {
            throw in.refuse("checksum " + expected, crc(bytes, bytes.length - Integer.BYTES));
        }
        return new Copy(generation, new Numbers(root, revocations, freshness, pins));
    }

    private static PinBook.Used readUsed(ByteReader in) throws Corrupt {
        KeyId key = new KeyId(Hash.read(in));
        long floor = in.u64();
        List<PinBook.Mark> marks = new ArrayList<>();
        int count = in.count(MARKS_MAX, MARK_BYTES);
        for (int i = 0; i < count; i++) {
            marks.add(new PinBook.Mark(key, in.u64(), Hash.read(in), Hash.read(in), in.u64()));
        }
        return new PinBook.Used(key, floor, marks);
    }

    private static void write(Numbers.Seen seen, ByteWriter out) {
        seen.document().write(out.u64(seen.number()).u64(seen.created()));
    }

    private static Numbers.Seen readSeen(ByteReader in) throws Corrupt {
        return new Numbers.Seen(in.u64(), in.u64(), Hash.read(in));
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.wrap(bytes, 0, length));
        return crc.getValue();
    }
}
