package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.PageTable.PageRef;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A part of a manifest's tables, at most 256 KiB, named and verified by its hash alone. The layout is in
/// this package's documentation.
public sealed interface Page {
    int BYTES_MAX = 256 * 1024;
    int CHUNKS_MAX = (BYTES_MAX - 16) / 38;
    int EXTENTS_MAX = (BYTES_MAX - 16) / 18;
    int REFS_MAX = (BYTES_MAX - 16) / 40;

    /// Lines of the chunk table.
    record Chunks(List<ChunkEntry> entries) implements Page {
        public Chunks {
            entries = List.copyOf(entries);
        }
    }

    /// Lines of the extent table.
    record Extents(List<Extent> entries) implements Page {
        public Extents {
            entries = List.copyOf(entries);
        }
    }

    /// Names of pages.
    record Index(List<PageRef> entries) implements Page {
        public Index {
            entries = List.copyOf(entries);
        }
    }

    default byte[] encode() {
        ByteWriter out = new ByteWriter(4096).magic("MSTRPAGE").u16(1);
        switch (this) {
            case Chunks(List<ChunkEntry> entries) -> {
                out.u8(1).u8(0).u32(entries.size());
                for (ChunkEntry entry : entries) {
                    entry.id().hash().write(out);
                    out.u16(entry.blocks()).u32(entry.wireBytes());
                }
            }
            case Extents(List<Extent> entries) -> {
                out.u8(2).u8(0).u32(entries.size());
                for (Extent extent : entries) {
                    out.u64(extent.firstBlock())
                            .u32(extent.blocks())
                            .u8(extent.kind().code());
                    out.u8(extent.blockInChunk()).u32(extent.chunk());
                }
            }
            case Index(List<PageRef> entries) -> {
                out.u8(3).u8(0);
                PageTable.writeRefs(entries, out);
            }
        }
        return out.toBytes();
    }

    /// @throws Corrupt for anything that [#encode] does not write
    static Page decode(byte[] bytes) throws Corrupt {
        if (bytes.length > BYTES_MAX) {
            throw new Corrupt("manifest page: expected at most " + BYTES_MAX + " bytes, found " + bytes.length);
        }
        ByteReader in = new ByteReader("manifest page", ByteBuffer.wrap(bytes));
        in.magic("MSTRPAGE");
        if (in.u16() != 1) {
            throw in.refuse("version 1", "another");
        }
        int kind = in.u8();
        in.zeros(1);
        Page page = switch (kind) {
            case 1 -> new Chunks(readChunks(in));
            case 2 -> new Extents(readExtents(in));
            case 3 -> new Index(PageTable.readRefs(in, REFS_MAX));
            default -> throw in.refuse("page kind 1, 2 or 3", kind);
        };
        in.end();
        return page;
    }

    private static List<ChunkEntry> readChunks(ByteReader in) throws Corrupt {
        int count = in.count(CHUNKS_MAX, 38);
        List<ChunkEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ChunkId id = new ChunkId(Hash.read(in));
            int blocks = in.u16(ChunkHeader.BLOCKS_MAX);
            int wireBytes = in.u32(blocks * Block.BYTES);
            if (wireBytes == 0) {
                throw in.refuse("a chunk with blocks and bytes", "none");
            }
            entries.add(new ChunkEntry(id, blocks, wireBytes));
        }
        return entries;
    }

    private static List<Extent> readExtents(ByteReader in) throws Corrupt {
        int count = in.count(EXTENTS_MAX, 18);
        List<Extent> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long firstBlock = in.u64(ImageShape.LENGTH_MAX / Block.BYTES);
            long blocks = in.u32();
            Extent.Kind kind = switch (in.u8(2)) {
                case 0 -> Extent.Kind.ZERO;
                case 1 -> Extent.Kind.CHUNK;
                default -> Extent.Kind.HOLE;
            };
            int blockInChunk = in.u8();
            int chunk = in.u32(Manifest.CHUNKS_MAX - 1);
            boolean fits = kind == Extent.Kind.CHUNK
                    ? blockInChunk + blocks <= ChunkHeader.BLOCKS_MAX
                    : chunk == 0 && blockInChunk == 0;
            if (blocks == 0 || !fits) {
                throw in.refuse("an extent of " + kind, blocks + " blocks, chunk " + chunk + " block " + blockInChunk);
            }
            entries.add(new Extent(firstBlock, blocks, kind, chunk, blockInChunk));
        }
        return entries;
    }
}
