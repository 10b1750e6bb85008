package dev.muster.agent.delivery;

import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The verified frames of a chunk that is on its way. It is in memory only: the unit of resuming is the chunk.
final class PartialChunk {
    private final ChunkEntry entry;
    private final @Nullable Frame[] frames;
    private @Nullable ChunkHeader header;

    PartialChunk(ChunkEntry entry) {
        this.entry = entry;
        this.frames = new Frame[Math.ceilDiv(entry.blocks(), Frame.BLOCKS)];
    }

    Optional<ChunkHeader> header() {
        return Optional.ofNullable(header);
    }

    /// @return false if it is not the header of this chunk
    boolean offer(ChunkHeader offered) {
        if (header == null && offered.blocks() == entry.blocks() && offered.id().equals(entry.id())) {
            header = offered;
        }
        return header != null && offered.equals(header);
    }

    boolean lacks(int frame) {
        return frame < frames.length && frames[frame] == null;
    }

    /// Puts in a frame whose every block was verified.
    void put(int index, Frame frame) {
        frames[index] = frame;
    }

    /// The chunk, when nothing is missing.
    Optional<Chunk> whole() {
        List<Frame> all = new ArrayList<>(frames.length);
        for (Frame frame : frames) {
            if (frame == null) {
                return Optional.empty();
            }
            all.add(frame);
        }
        return header().map(known -> new Chunk(known, all));
    }
}
