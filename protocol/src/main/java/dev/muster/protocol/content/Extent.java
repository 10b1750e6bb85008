package dev.muster.protocol.content;

/// A run of image blocks and where they come from.
///
/// @param firstBlock where the run starts in the image, in blocks
/// @param blocks how long it is, 1 to 2^32-1 blocks; a run out of a chunk stays within it
/// @param kind where the bytes come from
/// @param chunk index into the manifest's chunk table; 0 unless kind is `CHUNK`
/// @param blockInChunk the first block within that chunk; 0 unless kind is `CHUNK`
public record Extent(long firstBlock, long blocks, Kind kind, int chunk, int blockInChunk) {
    public static final long BLOCKS_MAX = 0xffff_ffffL;

    public Extent {
        boolean fits = switch (kind) {
            case ZERO, HOLE -> chunk == 0 && blockInChunk == 0;
            case CHUNK -> chunk >= 0 && blockInChunk >= 0 && blockInChunk + blocks <= ChunkHeader.BLOCKS_MAX;
        };
        if (!fits || firstBlock < 0 || blocks < 1 || blocks > BLOCKS_MAX) {
            throw new IllegalArgumentException("no such extent: " + kind + " at " + firstBlock + ", " + blocks
                    + " blocks, chunk " + chunk + " block " + blockInChunk);
        }
    }

    /// Where the bytes of an extent come from.
    public enum Kind {
        /// Zeros that the disk had written.
        ZERO(0),
        /// Blocks of a chunk.
        CHUNK(1),
        /// Zeros that the disk never had, or gave back: a target discards them where it can.
        HOLE(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    public static Extent zero(long firstBlock, long blocks) {
        return new Extent(firstBlock, blocks, Kind.ZERO, 0, 0);
    }

    public static Extent hole(long firstBlock, long blocks) {
        return new Extent(firstBlock, blocks, Kind.HOLE, 0, 0);
    }

    public static Extent ofChunk(long firstBlock, long blocks, int chunk, int blockInChunk) {
        return new Extent(firstBlock, blocks, Kind.CHUNK, chunk, blockInChunk);
    }

    /// The first block after the run.
    public long end() {
        return firstBlock + blocks;
    }

    /// Whether `next` only goes on with what this extent says, so that the two are one.
    public boolean continuesWith(Extent next) {
        if (next.firstBlock != end() || next.kind != kind || blocks + next.blocks > BLOCKS_MAX) {
            return false;
        }
        return kind != Kind.CHUNK || (next.chunk == chunk && next.blockInChunk == blockInChunk + blocks);
    }

    /// The two as one; see [#continuesWith].
    public Extent joinedWith(Extent next) {
        return new Extent(firstBlock, blocks + next.blocks, kind, chunk, blockInChunk);
    }
}
