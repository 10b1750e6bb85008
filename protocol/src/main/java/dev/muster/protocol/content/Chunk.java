package dev.muster.protocol.content;

import java.util.List;

/// A chunk with its bytes, as it is stored and sent: header and frames. Whether the frames hold what the header says is
/// checked by whoever decodes them.
public record Chunk(ChunkHeader header, List<Frame> frames) {
    public Chunk {
        frames = List.copyOf(frames);
        if (frames.size() != header.frames()) {
            throw new IllegalArgumentException("a chunk of " + header.blocks() + " blocks has " + header.frames()
                    + " frames, not " + frames.size());
        }
    }

    public ChunkId id() {
        return header.id();
    }

    /// The sum of the frames' lengths: what a host without any of it receives.
    public int wireBytes() {
        return frames.stream().mapToInt(Frame::length).sum();
    }
}
