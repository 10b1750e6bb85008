package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

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
                    .filter(name -> name.matches("[0-9]{8,}" + suffix))
                    .map(name -> Integer.valueOf(name.substring(0, name.length() - suffix.length())))
                    .sorted()
                    .toList();
        }
    }

    String fileName() {
        return String.format(Locale.ROOT, "%08d%s", number, kind.suffix);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(BYTES).magic(kind.magic).u16(1).u16(0).u32(number);
        store.write(out);
        return Checksum.append(out);
    }

    /// The file of that name must start with this header.
    void check(DiskFile file) throws IOException {
        if (file.size() < BYTES) {
            throw new Corrupt(fileName() + ": expected a header of " + BYTES + " bytes, found " + file.size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        file.read(bytes, 0);
        ByteReader in = Checksum.check(fileName(), bytes.flip());
        Checksum.header(in, kind.magic);
        long found = in.u32();
        if (found != number) {
            throw in.refuse("number " + number, found);
        }
        store.expect(in);
        in.end();
    }
}
