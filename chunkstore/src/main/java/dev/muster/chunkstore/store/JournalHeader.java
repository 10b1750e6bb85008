package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The first bytes of a log or snapshot, which also name its file.
///
/// @param number of the log, or of the log that goes on where the snapshot ends
record JournalHeader(Kind kind, int number, StoreId store) {
    static final int BYTES = 36;

    /// The two kinds of file of a journal.
    enum Kind {
        LOG("MSTRJRNL", ".log"),
        SNAPSHOT("MSTRSNAP", ".snapshot");

        private final String magic;
        private final String suffix;

        Kind(String magic, String suffix) {
            this.magic = magic;
            this.suffix = suffix;
        }

        /// The numbers of the files of this kind among `names`, in order.
        List<Integer> numbers(List<String> names) {
            return names.stream()
                    .filter(name -> name.matches("[0-9]{8,9}" + suffix))
                    .map(name -> Integer.valueOf(name.substring(0, name.length() - suffix.length())))
                    .sorted()
                    .toList();
        }

        String fileName(int number) {
            return String.format(Locale.ROOT, "%08d%s", number, suffix);
        }
    }

    String fileName() {
        return kind.fileName(number);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(BYTES).magic(kind.magic).u16(1).u16(0).u32(number);
        store.write(out);
        return Checksum.append(out);
    }

    /// The file of that name must start with this header.
    void check(DiskFile file) throws IOException {
        ByteReader in = read(fileName(), file);
        Checksum.header(in, kind.magic);
        long found = in.u32();
        if (found != number) {
            throw in.refuse("number " + number, found);
        }
        store.expect(in);
        in.end();
    }

    /// Which store a log or snapshot is of, if its header is whole.
    static Optional<StoreId> owner(Kind kind, DiskFile file) throws IOException {
        try {
            ByteReader in = read("journal", file);
            Checksum.header(in, kind.magic);
            long _ = in.u32();
            return Optional.of(StoreId.read(in));
        } catch (Corrupt _) {
            return Optional.empty();
        }
    }

    private static ByteReader read(String what, DiskFile file) throws IOException {
        if (file.size() < BYTES) {
            throw new Corrupt(what + ": expected a header of " + BYTES + " bytes, found " + file.size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        file.read(bytes, 0);
        return Checksum.check(what, bytes.flip());
    }
}
