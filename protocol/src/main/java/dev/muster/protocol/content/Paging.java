package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.PageTable.PageRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How the entries of one table are cut into pages, and read back. The cut is canonical: every page but the last is
/// full, index pages stand between only where the head cannot name all pages, and each name says where its page
/// starts. Reading checks all of that, so that a wrong count can make nobody fetch or keep more than it says.
///
/// @param perPage entries in a full page
/// @param refsPerIndex names in a full index page
/// @param refsInHead how many names a head holds
record Paging<T>(Table<T> table, int perPage, int refsPerIndex, int refsInHead) {
    static final Paging<ChunkEntry> CHUNKS =
            new Paging<>(new ChunkTable(), Page.CHUNKS_MAX, Page.REFS_MAX, PageTable.PAGES_MAX);
    static final Paging<Extent> EXTENTS =
            new Paging<>(new ExtentTable(), Page.EXTENTS_MAX, Page.REFS_MAX, PageTable.PAGES_MAX);

    /// What differs between the tables.
    interface Table<T> {
        Page page(List<T> entries);

        List<T> entries(Page page) throws Corrupt;

        /// What the name of a page that starts with this entry says.
        long first(int index, T entry);
    }

    /// Adds the pages by hash, index pages before what they name.
    PageTable write(List<T> entries, Map<Hash, byte[]> pages) {
        Map<Hash, byte[]> leaves = new LinkedHashMap<>();
        List<PageRef> refs = new ArrayList<>();
        for (int at = 0; at < entries.size(); at += perPage) {
            List<T> part = entries.subList(at, Math.min(entries.size(), at + perPage));
            refs.add(new PageRef(table.first(at, part.getFirst()), keep(table.page(part), leaves)));
        }
        int level = refs.size() <= refsInHead ? 1 : 2;
        if (level == 2) {
            List<PageRef> index = new ArrayList<>();
            for (int at = 0; at < refs.size(); at += refsPerIndex) {
                List<PageRef> part = refs.subList(at, Math.min(refs.size(), at + refsPerIndex));
                index.add(new PageRef(part.getFirst().first(), keep(new Page.Index(part), pages)));
            }
            refs = index;
        }
        pages.putAll(leaves);
        return new PageTable(entries.size(), level, refs);
    }

    /// @throws Corrupt if a page has another hash, or is not where [#write] would put it
    List<T> read(PageTable named, Manifest.Pages source) throws IOException {
        int pages = Math.ceilDiv(named.entries(), perPage);
        check("page level", pages <= refsInHead ? 1 : 2, named.level());
        List<PageRef> refs = named.level() == 1 ? named.pages() : readIndex(named.pages(), pages, source);
        check("number of pages", pages, refs.size());
        List<T> entries = new ArrayList<>();
        for (PageRef ref : refs) {
            List<T> part = table.entries(Manifest.verifyPage(ref.hash(), source.page(ref.hash())));
            check("entries in a page", Math.min(perPage, named.entries() - entries.size()), part.size());
            check("first of a page", table.first(entries.size(), part.getFirst()), ref.first());
            entries.addAll(part);
        }
        return entries;
    }

    private List<PageRef> readIndex(List<PageRef> index, int pages, Manifest.Pages source) throws IOException {
        check("number of index pages", Math.ceilDiv(pages, refsPerIndex), index.size());
        List<PageRef> refs = new ArrayList<>();
        for (PageRef ref : index) {
            if (!(Manifest.verifyPage(ref.hash(), source.page(ref.hash())) instanceof Page.Index(List<PageRef> part))) {
                throw new Corrupt("manifest page " + ref.hash() + ": expected an index page, found another kind");
            }
            check("names in an index page", Math.min(refsPerIndex, pages - refs.size()), part.size());
            check("first of an index page", part.getFirst().first(), ref.first());
            refs.addAll(part);
        }
        return refs;
    }

    private static Hash keep(Page page, Map<Hash, byte[]> pages) {
        byte[] bytes = page.encode();
        Hash hash = Hash.of(bytes);
        pages.put(hash, bytes);
        return hash;
    }

    private static void check(String what, long expected, long found) throws Corrupt {
        if (expected != found) {
            throw new Corrupt("manifest: expected " + what + " to be " + expected + ", found " + found);
        }
    }

    private record ChunkTable() implements Table<ChunkEntry> {
        @Override
        public Page page(List<ChunkEntry> entries) {
            return new Page.Chunks(entries);
        }

        @Override
        public List<ChunkEntry> entries(Page page) throws Corrupt {
            if (page instanceof Page.Chunks(List<ChunkEntry> entries)) {
                return entries;
            }
            throw new Corrupt("manifest: expected a page of chunks, found another kind");
        }

        @Override
        public long first(int index, ChunkEntry entry) {
            return index;
        }
    }

    private record ExtentTable() implements Table<Extent> {
        @Override
        public Page page(List<Extent> entries) {
            return new Page.Extents(entries);
        }

        @Override
        public List<Extent> entries(Page page) throws Corrupt {
            if (page instanceof Page.Extents(List<Extent> entries)) {
                return entries;
            }
            throw new Corrupt("manifest: expected a page of extents, found another kind");
        }

        @Override
        public long first(int index, Extent entry) {
            return entry.firstBlock();
        }
    }
}
