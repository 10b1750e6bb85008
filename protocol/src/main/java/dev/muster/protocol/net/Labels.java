package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.trust.document.Names;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A host's labels as they are sent: u8 count (<= 32), { text label, text value }, ascending.
final class Labels {
    private Labels() {}

    static SortedMap<String, String> checked(SortedMap<String, String> labels) {
        if (labels.size() > EnrolRequest.LABELS_MAX) {
            throw new IllegalArgumentException("expected at most 32 labels, found " + labels.size());
        }
        labels.forEach((label, value) -> {
            Names.require("label", label);
            if (!Names.isLabelValue(value)) {
                throw new IllegalArgumentException("label " + label + ": expected up to 64 of A-Z a-z 0-9 . _ : / @ -");
            }
        });
        return Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    static void write(SortedMap<String, String> labels, ByteWriter out) {
        out.u8(labels.size());
        labels.forEach((label, value) -> out.text(label).text(value));
    }

    static SortedMap<String, String> read(ByteReader in) throws Corrupt {
        SortedMap<String, String> labels = new TreeMap<>();
        int count = in.u8(EnrolRequest.LABELS_MAX);
        for (int i = 0; i < count; i++) {
            labels.put(in.text(Names.LABEL_BYTES_MAX), in.text(Names.LABEL_BYTES_MAX));
        }
        return labels;
    }
}
