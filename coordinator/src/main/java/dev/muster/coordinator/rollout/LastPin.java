package dev.muster.coordinator.rollout;

import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.KeyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Which pin this coordinator signed last, whatever became of it since: the next one says that it comes after it, and
/// no number is used twice.
///
/// `"MSTRLAST" | u16 version = 1 | key id 32 | u64 number | pin's hash 32 | previous pin's hash 32`.
final class LastPin {
    private static final String MAGIC = "MSTRLAST";
    private static final int BYTES_MAX = 256;

    private LastPin() {}

    static void write(Path file, Signed<Pin> pin) throws IOException {
        Pin.Sequence sequence = pin.document().sequence();
        ByteWriter out = new ByteWriter(BYTES_MAX).magic(MAGIC).u16(1);
        sequence.key().hash().write(out);
        pin.hash().write(out.u64(sequence.number()));
        sequence.previous().write(out);
        DurableFile.writeSecret(file, out.toBytes());
    }

    static Optional<PinBook.Mark> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ByteReader in = ByteReader.of(file.toString(), DurableFile.read(file, BYTES_MAX));
        in.magic(MAGIC);
        int version = in.u16();
        if (version != 1) {
            throw in.refuse("version 1", version);
        }
        KeyId key = new KeyId(Hash.read(in));
        PinBook.Mark mark = new PinBook.Mark(key, in.u64(), Hash.read(in), Hash.read(in), 0);
        in.end();
        return Optional.of(mark);
    }
}
