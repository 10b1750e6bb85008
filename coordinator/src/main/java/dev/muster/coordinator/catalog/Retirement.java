package dev.muster.coordinator.catalog;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;

/// That a release is retired. Its file is called by the release's hash.
///
/// @param at epoch milliseconds
record Retirement(long at) {

    /// u64 at.
    static final class Format implements RecordFiles.Fields<Retirement> {
        static final String MAGIC = "MSTRRETD";

        @Override
        public void write(Retirement retirement, ByteWriter out) {
            out.u64(retirement.at);
        }

        @Override
        public Retirement read(ByteReader in) throws IOException {
            return new Retirement(in.u64());
        }
    }
}
