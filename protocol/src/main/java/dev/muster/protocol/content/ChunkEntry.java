package dev.muster.protocol.content;

/// A line of a manifest's chunk table.
///
/// @param blocks how many blocks the chunk has, 1 to 256
/// @param wireBytes forecast of what fetching it moves: the sum of the publisher's frame lengths
public record ChunkEntry(ChunkId id, int blocks, int wireBytes) {
    public ChunkEntry {
        if (blocks < 1 || blocks > ChunkHeader.BLOCKS_MAX) {
            throw new IllegalArgumentException("a chunk has 1 to 256 blocks, not " + blocks);
        }
        if (wireBytes < 1 || wireBytes > blocks * Block.BYTES) {
            throw new IllegalArgumentException(blocks + " blocks are not sent in " + wireBytes + " bytes");
        }
    }
}
