package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.PageTable.PageRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The extents and chunks of one image, whole in memory: what its head and pages say.
///
/// A manifest is made by [#of], which writes its pages, or by [#read], which verifies them and everything they say:
/// extents cover the image in order, speak only of chunks that are there, and neighbours that could be one are one.
public final class Manifest {
    public static final int CHUNKS_MAX = 1 << 24;
    public static final int EXTENTS_MAX = 1 << 26;

    private final ManifestHead head;
    private final ManifestId id;
    private final List<ChunkEntry> chunks;
    private final List<Extent> extents;

    private Manifest(ManifestHead head, List<ChunkEntry> chunks, List<Extent> extents) {
        this.head = head;
        this.id = head.id();
        this.chunks = List.copyOf(chunks);
        this.extents = List.copyOf(extents);
    }

    /// Where pages come from: a store, or the peers. Nobody need verify; [#read] does.
    @FunctionalInterface
    public interface Pages {
        byte[] page(Hash hash) throws IOException;
    }

    /// A manifest and its pages' bytes, by hash, index pages before what they name.
    public record Encoded(Manifest manifest, Map<Hash, byte[]> pages) {}

    /// Lays out head and pages.
    ///
    /// @throws IllegalArgumentException if the extents do not describe an image of that shape
    public static Encoded of(
            ImageShape shape,
            ContentId content,
            List<ManifestId> parents,
            List<ChunkEntry> chunks,
            List<Extent> extents) {
        Map<Hash, byte[]> pages = new LinkedHashMap<>();
        PageTable chunkTable = table(chunks, Page.CHUNKS_MAX, Page.Chunks::new, null, pages);
        PageTable extentTable = table(extents, Page.EXTENTS_MAX, Page.Extents::new, Extent::firstBlock, pages);
        ManifestHead head = new ManifestHead(shape, content, parents, chunkTable, extentTable);
        try {
            checkExtents(shape, chunks, extents);
        } catch (Corrupt e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new Encoded(new Manifest(head, chunks, extents), pages);
    }

    /// Reads and verifies every page.
    ///
    /// @throws Corrupt if a page has another hash, or the tables contradict the head or each other
    public static Manifest read(ManifestHead head, Pages source) throws IOException {
        List<ChunkEntry> chunks = new ArrayList<>();
        List<Extent> extents = new ArrayList<>();
        for (Page page : leaves(head.chunks(), source)) {
            if (!(page instanceof Page.Chunks(List<ChunkEntry> entries))) {
                throw new Corrupt("manifest " + head.id() + ": expected a page of chunks, found another kind");
            }
            chunks.addAll(entries);
        }
        for (Page page : leaves(head.extents(), source)) {
            if (!(page instanceof Page.Extents(List<Extent> entries))) {
                throw new Corrupt("manifest " + head.id() + ": expected a page of extents, found another kind");
            }
            extents.addAll(entries);
        }
        checkCount("chunks", head.chunks().entries(), chunks.size());
        checkCount("extents", head.extents().entries(), extents.size());
        checkExtents(head.shape(), chunks, extents);
        return new Manifest(head, chunks, extents);
    }

    /// A page whose bytes must have that hash.
    public static Page verifyPage(Hash hash, byte[] bytes) throws Corrupt {
        if (bytes.length > Page.BYTES_MAX || !Hash.of(bytes).equals(hash)) {
            throw new Corrupt("manifest page: expected " + hash + ", found " + bytes.length + " bytes of another hash");
        }
        return Page.decode(bytes);
    }

    public ManifestId id() {
        return id;
    }

    public ManifestHead head() {
        return head;
    }

    public ImageShape shape() {
        return head.shape();
    }

    public List<ChunkEntry> chunks() {
        return chunks;
    }

    public List<Extent> extents() {
        return extents;
    }

    /// What a host without any of it receives.
    public long wireBytes() {
        return chunks.stream().mapToLong(ChunkEntry::wireBytes).sum();
    }

    private static List<Page> leaves(PageTable table, Pages source) throws IOException {
        List<Page> pages = new ArrayList<>();
        for (PageRef ref : table.pages()) {
            Page page = verifyPage(ref.hash(), source.page(ref.hash()));
            if (table.level() == 1) {
                pages.add(page);
            } else if (page instanceof Page.Index(List<PageRef> entries)) {
                for (PageRef entry : entries) {
                    pages.add(verifyPage(entry.hash(), source.page(entry.hash())));
                }
            } else {
                throw new Corrupt("manifest page " + ref.hash() + ": expected an index page, found another kind");
            }
        }
        return pages;
    }

    private static <T> PageTable table(
            List<T> entries,
            int perPage,
            Function<List<T>, Page> makePage,
            @Nullable ToLongFunction<T> first,
            Map<Hash, byte[]> pages) {
        List<PageRef> refs = new ArrayList<>();
        Map<Hash, byte[]> leaves = new LinkedHashMap<>();
        for (int at = 0; at < entries.size(); at += perPage) {
            List<T> part = entries.subList(at, Math.min(entries.size(), at + perPage));
            refs.add(new PageRef(
                    first == null ? at : first.applyAsLong(part.getFirst()), keep(makePage.apply(part), leaves)));
        }
        int level = refs.size() <= PageTable.PAGES_MAX ? 1 : 2;
        if (level == 2) {
            List<PageRef> index = new ArrayList<>();
            for (int at = 0; at < refs.size(); at += Page.REFS_MAX) {
                List<PageRef> part = refs.subList(at, Math.min(refs.size(), at + Page.REFS_MAX));
                index.add(new PageRef(part.getFirst().first(), keep(new Page.Index(part), pages)));
            }
            refs = index;
        }
        pages.putAll(leaves);
        return new PageTable(entries.size(), level, refs);
    }

    private static Hash keep(Page page, Map<Hash, byte[]> pages) {
        byte[] bytes = page.encode();
        Hash hash = Hash.of(bytes);
        pages.put(hash, bytes);
        return hash;
    }

    private static void checkCount(String what, int expected, int found) throws Corrupt {
        if (expected != found) {
            throw new Corrupt("manifest: expected " + expected + " " + what + ", found " + found);
        }
    }

    private static void checkExtents(ImageShape shape, List<ChunkEntry> chunks, List<Extent> extents) throws Corrupt {
        long next = 0;
        Extent before = null;
        for (Extent extent : extents) {
            if (extent.firstBlock() != next) {
                throw new Corrupt("manifest: expected an extent at block " + next + ", found " + extent.firstBlock());
            }
            if (extent.kind() == Extent.Kind.CHUNK
                    && (extent.chunk() >= chunks.size()
                            || extent.blockInChunk() + extent.blocks()
                                    > chunks.get(extent.chunk()).blocks())) {
                throw new Corrupt("manifest: expected blocks of a known chunk, found " + extent);
            }
            if (before != null && before.continuesWith(extent)) {
                throw new Corrupt("manifest: expected neighbours to be merged, found " + before + " and " + extent);
            }
            next = extent.end();
            before = extent;
        }
        if (next != shape.blocks()) {
            throw new Corrupt("manifest: expected " + shape.blocks() + " blocks, found extents for " + next);
        }
    }
}
