package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    private final long wireBytes;

    private Manifest(ManifestHead head, List<ChunkEntry> chunks, List<Extent> extents) {
        this.head = head;
        this.id = head.id();
        this.chunks = List.copyOf(chunks);
        this.extents = List.copyOf(extents);
        this.wireBytes = chunks.stream().mapToLong(ChunkEntry::wireBytes).sum();
    }

    /// Where pages come from: a store, or the peers. Nobody need verify; [#read] does.
    @FunctionalInterface
    public interface Pages {
        byte[] page(Hash hash) throws IOException;
    }

    /// A manifest and its pages' bytes, by hash, index pages before what they name.
    public record Encoded(Manifest manifest, Map<Hash, byte[]> pages) implements Pages {
        public Encoded {
            pages = Collections.unmodifiableMap(pages);
        }

        @Override
        public byte[] page(Hash hash) throws Unknown {
            byte[] page = pages.get(hash);
            if (page == null) {
                throw new Unknown("manifest " + manifest.id() + ": expected a page of it, found " + hash);
            }
            return page;
        }
    }

    /// Lays out head and pages.
    ///
    /// @throws IllegalArgumentException if the extents do not describe an image of that shape
    public static Encoded of(
            ImageShape shape,
            ContentId content,
            List<ManifestId> parents,
            List<ChunkEntry> chunks,
            List<Extent> extents) {
        if (chunks.size() > CHUNKS_MAX || extents.size() > EXTENTS_MAX) {
            throw new IllegalArgumentException(
                    "no manifest holds " + chunks.size() + " chunks and " + extents.size() + " extents");
        }
        Map<Hash, byte[]> pages = new LinkedHashMap<>();
        PageTable chunkTable = Paging.CHUNKS.write(chunks, pages);
        PageTable extentTable = Paging.EXTENTS.write(extents, pages);
        ManifestHead head = new ManifestHead(shape, content, parents, chunkTable, extentTable);
        try {
            check(shape, chunks, extents);
        } catch (Corrupt e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new Encoded(new Manifest(head, chunks, extents), pages);
    }

    /// Reads and verifies every page.
    ///
    /// @throws Corrupt if a page has another hash, or the tables contradict the head or each other
    public static Manifest read(ManifestHead head, Pages source) throws IOException {
        List<ChunkEntry> chunks = Paging.CHUNKS.read(head.chunks(), source);
        List<Extent> extents = Paging.EXTENTS.read(head.extents(), source);
        check(head.shape(), chunks, extents);
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
        return wireBytes;
    }

    private static void check(ImageShape shape, List<ChunkEntry> chunks, List<Extent> extents) throws Corrupt {
        Set<ChunkId> ids = HashSet.newHashSet(chunks.size());
        for (ChunkEntry chunk : chunks) {
            if (!ids.add(chunk.id())) {
                throw new Corrupt("manifest: expected each chunk once, found " + chunk.id() + " again");
            }
        }
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
