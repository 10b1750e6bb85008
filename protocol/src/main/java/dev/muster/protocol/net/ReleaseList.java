package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which releases there are, and which of them are retired, as a coordinator says it. A hint: what a release is says
/// its document, which is asked for by its hash. A release that is not in the list is not retired by that.
///
/// Body: u64 revision | u32 count (<= 16,384), { release hash 32 | text name | u8 retired }, ascending by hash.
///
/// @param revision a name for the list, the same at every coordinator that has the same one; what a host says it has
///     when it asks again
/// @param entries all of the list, or none if the asker has them
public record ReleaseList(long revision, List<Entry> entries) {
    public static final int COUNT_MAX = 16_384;

    private static final int ENTRY_BYTES_MIN = Hash.BYTES + 2 + 1 + 1;
    public static final int BYTES_MAX = 8 + 4 + COUNT_MAX * (ENTRY_BYTES_MIN + Names.LABEL_BYTES_MAX);

    public ReleaseList {
        entries = List.copyOf(entries);
        if (revision < 0 || entries.size() > COUNT_MAX) {
            throw new IllegalArgumentException("not a list: revision " + revision + ", " + entries.size());
        }
    }

    /// One release.
    ///
    /// @param name of the image, without its version
    /// @param retired no host need keep it any more
    public record Entry(Hash release, String name, boolean retired) {
        public Entry {
            Names.require("name", name);
        }

        private void write(ByteWriter out) {
            release.write(out);
            out.text(name).flag(retired);
        }
    }

    /// The whole list, under the revision that follows from it.
    public static ReleaseList of(List<Entry> entries) {
        List<Entry> sorted =
                entries.stream().sorted(Comparator.comparing(Entry::release)).toList();
        ByteWriter all = new ByteWriter(64 * 1024);
        sorted.forEach(entry -> entry.write(all));
        return new ReleaseList(Hash.of(all.toBytes()).a() & Long.MAX_VALUE, sorted);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(64 * 1024).u64(revision).u32(entries.size());
        entries.forEach(entry -> entry.write(out));
        return out.toBytes();
    }

    public static ReleaseList decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("list of releases", bytes);
        long revision = in.u64();
        int count = in.count(COUNT_MAX, ENTRY_BYTES_MIN);
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Hash release = Hash.read(in);
            String name = in.text(Names.LABEL_BYTES_MAX);
            boolean retired = in.flag();
            if (!Names.isName(name)) {
                throw in.refuse("the name of an image", Names.printable(name, 80));
            }
            entries.add(new Entry(release, name, retired));
        }
        in.end();
        return new ReleaseList(revision, entries);
    }
}
