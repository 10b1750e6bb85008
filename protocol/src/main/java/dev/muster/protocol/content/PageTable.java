package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.util.List;

/// The part of a head that names the pages of one table.
///
/// @param entries how many chunks or extents the table has in all
/// @param level 1: `pages` are the table's pages; 2: they are index pages, which name them
/// @param pages in order of what they speak of
public record PageTable(int entries, int level, List<PageRef> pages) {
    /// So that two tables, four parents and a recipe fit a head of 64 KiB.
    static final int PAGES_MAX = 700;

    private static final int REF_BYTES = 8 + Hash.BYTES;

    public PageTable {
        pages = List.copyOf(pages);
    }

    /// One page.
    ///
    /// @param first the first chunk index or block that it speaks of
    public record PageRef(long first, Hash hash) {}

    void write(ByteWriter out) {
        out.u8(level);
        writeRefs(pages, out);
    }

    static PageTable read(int entries, ByteReader in) throws Corrupt {
        int level = in.u8();
        if (level != 1 && level != 2) {
            throw in.refuse("page level 1 or 2", level);
        }
        return new PageTable(entries, level, readRefs(in, PAGES_MAX));
    }

    static void writeRefs(List<PageRef> refs, ByteWriter out) {
        out.u32(refs.size());
        for (PageRef ref : refs) {
            out.u64(ref.first);
            ref.hash.write(out);
        }
    }

    static List<PageRef> readRefs(ByteReader in, int max) throws Corrupt {
        PageRef[] refs = new PageRef[in.count(max, REF_BYTES)];
        long next = 0;
        for (int i = 0; i < refs.length; i++) {
            refs[i] = new PageRef(in.u64(ImageShape.LENGTH_MAX / Block.BYTES), Hash.read(in));
            if (refs[i].first < next) {
                throw in.refuse("pages in order", refs[i].first + " after " + (next - 1));
            }
            next = refs[i].first + 1;
        }
        return List.of(refs);
    }
}
