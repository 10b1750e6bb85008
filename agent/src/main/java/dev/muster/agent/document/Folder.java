package dev.muster.agent.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.key.KeyId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// The files of [Documents]; the layout is in this package's documentation.
final class Folder {
    private static final Logger LOG = System.getLogger(Folder.class.getName());
    private static final String MAGIC = "MSTRNUMS";
    private static final int MARK_BYTES = 32 + 8 + 32;
    private static final int MARKS_MAX = 100_000;
    private static final int NUMBERS_BYTES_MAX = MARKS_MAX * MARK_BYTES + 64;

    private final Path directory;

    private Folder(Path directory) {
        this.directory = directory;
    }

    /// What lies in a directory of its own.
    enum Kind {
        RELEASE,
        PIN;

        String directory() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Folder open(Path directory) throws IOException {
        for (Kind kind : Kind.values()) {
            DurableFile.createDirectory(directory.resolve(kind.directory()), false);
        }
        return new Folder(directory);
    }

    void write(Kind kind, Envelope envelope) throws IOException {
        DurableFile.write(file(kind, envelope.hash()), envelope.encode());
    }

    /// @param index in the chain, from the pinned root on
    void writeRoot(int index, Envelope root) throws IOException {
        Path roots = directory.resolve("root");
        DurableFile.createDirectory(roots, false);
        DurableFile.write(roots.resolve(String.format(Locale.ROOT, "%04d", index)), root.encode());
    }

    void delete(Kind kind, Hash hash) throws IOException {
        DurableFile.delete(file(kind, hash));
    }

    /// All of a kind; what is no envelope is passed over and said so.
    List<Envelope> read(Kind kind) throws IOException {
        List<Envelope> envelopes = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve(kind.directory()))) {
            for (Path file : files.sorted().toList()) {
                if (DurableFile.isPartial(file)) {
                    DurableFile.delete(file);
                    continue;
                }
                try {
                    envelopes.add(Envelope.decode(DurableFile.read(file, Envelope.BYTES_MAX)));
                } catch (Refused | Corrupt e) {
                    LOG.log(Level.WARNING, "kept document unreadable: file={0} cause={1}", file, e.getMessage());
                }
            }
        }
        return envelopes;
    }

    void writeNumbers(List<PinBook.Mark> marks) throws IOException {
        ByteWriter out = new ByteWriter(64 + marks.size() * MARK_BYTES)
                .magic(MAGIC)
                .u16(1)
                .u32(marks.size());
        for (PinBook.Mark mark : marks) {
            mark.key().hash().write(out);
            out.u64(mark.number());
            mark.pin().write(out);
        }
        byte[] body = out.toBytes();
        DurableFile.write(numbers(), out.u32(crc(body, body.length)).toBytes());
    }

    List<PinBook.Mark> readNumbers() throws IOException {
        List<PinBook.Mark> marks = new ArrayList<>();
        if (!Files.exists(numbers())) {
            return marks;
        }
        byte[] bytes = DurableFile.read(numbers(), NUMBERS_BYTES_MAX);
        ByteReader in = ByteReader.of(numbers().toString(), bytes);
        in.magic(MAGIC);
        if (in.u16() != 1) {
            throw in.refuse("version 1", "another");
        }
        int count = in.count(MARKS_MAX, MARK_BYTES);
        for (int i = 0; i < count; i++) {
            marks.add(new PinBook.Mark(new KeyId(Hash.read(in)), in.u64(), Hash.read(in)));
        }
        long expected = in.u32();
        in.end();
        if (expected != crc(bytes, bytes.length - 4)) {
            throw in.refuse("checksum " + expected, crc(bytes, bytes.length - 4));
        }
        return marks;
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.wrap(bytes, 0, length));
        return crc.getValue();
    }

    private Path numbers() {
        return directory.resolve("numbers");
    }

    private Path file(Kind kind, Hash hash) {
        return directory.resolve(kind.directory()).resolve(hash.hex());
    }
}
