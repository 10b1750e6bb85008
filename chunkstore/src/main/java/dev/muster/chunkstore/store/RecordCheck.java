package dev.muster.chunkstore.store;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Whether the record of a chunk is as it was written: head, header, the payload's checksum, and, if asked, the hash of
/// every block. For many threads.
final class RecordCheck implements Closeable {
    private final FrameCodec codec = new FrameCodec();
    private final boolean blocks;

    RecordCheck(boolean blocks) {
        this.blocks = blocks;
    }

    /// What is wrong with the record, if anything is. A disk that cannot read it is wrong too.
    Optional<String> problem(DiskFile segment, ChunkId id, Place place) {
        ByteBuffer bytes = ByteBuffer.allocate(place.bytes());
        try {
            segment.read(bytes, place.offset());
            Optional<Chunk> chunk = SegmentRecord.decodeAny(id, place, bytes.flip());
            if (blocks && chunk.isPresent()) {
                checkBlocks(chunk.get());
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Findings.message(e));
        }
    }

    @Override
    public void close() {
        codec.close();
    }

    private void checkBlocks(Chunk chunk) throws Corrupt {
        ChunkHeader header = chunk.header();
        ByteBuffer raw = ByteBuffer.allocate(Frame.RAW_BYTES);
        for (int i = 0; i < header.frames(); i++) {
            raw.clear().limit(Frame.blocksOf(i, header.blocks()) * Block.BYTES);
            codec.decode(header, i, chunk.frames().get(i), raw);
        }
    }
}
