package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.io.IOException;

/// That a group was to move to a release. How far it is follows from what hosts report: see [Progress].
///
/// @param id `r-` and 12 digits of its pin's hash
/// @param name of the image
/// @param created epoch milliseconds
public record Rollout(String id, String group, String name, Hash release, Hash pin, long created) {

    static String idOf(Hash pin) {
        return "r-" + pin.brief();
    }

    /// text id | text group | text name | release 32 | pin 32 | u64 created.
    static final class Format implements RecordFiles.Fields<Rollout> {
        static final String MAGIC = "MSTRROLL";

        @Override
        public void write(Rollout rollout, ByteWriter out) {
            out.text(rollout.id).text(rollout.group).text(rollout.name);
            rollout.release.write(out);
            rollout.pin.write(out);
            out.u64(rollout.created);
        }

        @Override
        public Rollout read(ByteReader in) throws IOException {
            return new Rollout(in.text(64), in.text(64), in.text(64), Hash.read(in), Hash.read(in), in.u64());
        }
    }
}
