package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// How far a scrub has come, in a file of its own. The layout is in this package's documentation.
///
/// @param epochs how often everything was read
/// @param segment the last one that was read in this epoch, 0 at its start
record ScrubCursor(long epochs, int segment) {
    static final String FILE = "scrub";
    private static final String MAGIC = "MSTRSCRB";
    private static final int BYTES = 28;

    byte[] encode() {
        ByteWriter out = new ByteWriter(BYTES).magic(MAGIC).u16(1).u16(0);
        return Checksum.append(out.u64(epochs).u32(segment));
    }

    static ScrubCursor decode(byte[] file) throws Corrupt {
        ByteReader in = Checksum.check("scrub", ByteBuffer.wrap(file));
        Checksum.header(in, MAGIC);
        ScrubCursor cursor = new ScrubCursor(in.u64(), in.u32(Integer.MAX_VALUE));
        in.end();
        return cursor;
    }

    /// Where the last scrub of a store stopped: at the start if there was none.
    ///
    /// @throws Corrupt if the file is damaged
    static ScrubCursor read(Disk disk, Path root) throws IOException {
        Path file = root.resolve(FILE);
        return disk.exists(file) ? decode(disk.read(file, BYTES)) : new ScrubCursor(0, 0);
    }

    void write(Disk disk, Path root) throws IOException {
        disk.replace(root.resolve(FILE), encode());
    }

    ScrubCursor after(int read) {
        return new ScrubCursor(epochs, read);
    }

    ScrubCursor nextEpoch() {
        return new ScrubCursor(epochs + 1, 0);
    }
}
