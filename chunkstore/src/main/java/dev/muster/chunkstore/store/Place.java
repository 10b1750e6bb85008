package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Block;

/// Where a chunk's record lies.
///
/// @param segment the number of the segment file
/// @param block where the record starts in it, in blocks of 4 KiB
/// @param blocks how long the record is, head and padding included
record Place(int segment, int block, int blocks) implements Comparable<Place> {
    Place {
        if (segment < 1 || block < 1 || blocks < SegmentRecord.BLOCKS_MIN || blocks > SegmentRecord.BLOCKS_MAX) {
            throw new IllegalArgumentException(
                    "no such place: segment " + segment + " block " + block + ", " + blocks + " blocks");
        }
    }

    /// The least one that a segment can have.
    static Place first(int segment) {
        return new Place(segment, 1, SegmentRecord.BLOCKS_MIN);
    }

    long offset() {
        return (long) block * Block.BYTES;
    }

    int bytes() {
        return blocks * Block.BYTES;
    }

    /// The first block after the record.
    int end() {
        return block + blocks;
    }

    /// In the order of segments, and of blocks in one.
    @Override
    public int compareTo(Place other) {
        int order = Integer.compare(segment, other.segment);
        return order != 0 ? order : Integer.compare(block, other.block);
    }

    @Override
    public String toString() {
        return "segment " + segment + " block " + block;
    }
}
