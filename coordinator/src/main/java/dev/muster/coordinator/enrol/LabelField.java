package dev.muster.coordinator.enrol;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.trust.document.Names;
import java.util.SortedMap;
import java.util.TreeMap;

/// Labels in a record: u8 count, { text, text }.
final class LabelField {
    private static final int COUNT_MAX = 64;

    private LabelField() {}

    static void write(SortedMap<String, String> labels, ByteWriter out) {
        out.u8(labels.size());
        labels.forEach((label, value) -> out.text(label).text(value));
    }

    static SortedMap<String, String> read(ByteReader in) throws Corrupt {
        SortedMap<String, String> labels = new TreeMap<>();
        int count = in.u8(COUNT_MAX);
        for (int i = 0; i < count; i++) {
            labels.put(in.text(Names.LABEL_BYTES_MAX), in.text(Names.LABEL_BYTES_MAX));
        }
        return labels;
    }
}
