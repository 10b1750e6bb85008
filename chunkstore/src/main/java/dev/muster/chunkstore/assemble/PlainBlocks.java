package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The blocks of a chunk in the file of another's store. Whatever is wrong with that file, only whole and
/// right runs are read; the store itself is to be asked for the others.
///
/// @param file empty if it cannot be opened
/// @param offset of block 0
record PlainBlocks(Optional<FileChannel> file, long offset) implements Closeable {

    static PlainBlocks open(Presence.Plain place) throws ClosedChannelException {
        try {
            return new PlainBlocks(
                    Optional.of(FileChannel.open(place.file(), StandardOpenOption.READ)), place.offset());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) {
            return new PlainBlocks(Optional.empty(), place.offset());
        }
    }

    /// Fills the buffer with the blocks of a run of that chunk.
    ///
    /// @return false if they cannot be had, or are not what the header says
    boolean read(Extent run, ChunkHeader header, ByteBuffer buffer) throws ClosedChannelException {
        buffer.clear().limit((int) run.blocks() * Block.BYTES);
        long at = offset + (long) run.blockInChunk() * Block.BYTES;
        try {
            while (file.isPresent() && buffer.hasRemaining()) {
                if (file.get().read(buffer, at + buffer.position()) < 0) {
                    return false;
                }
            }
        } catch (ClosedChannelException e) {
            // Interrupted.
            throw e;
        } catch (IOException _) {
            return false;
        }
        return file.isPresent() && header.firstWrong(run.blockInChunk(), buffer.flip()) < 0;
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
