package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.protocol.content.Block;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/// A second way to a block device, around the page cache: for whole blocks in aligned memory outside the
/// heap. What the device refuses to move so is left in the buffer, to go the ordinary way.
record Direct(Optional<LinuxFile> file) implements Closeable {
    static final Direct NONE = new Direct(Optional.empty());

    static Direct open(Path path, boolean write) {
        try {
            return new Direct(Optional.of(LinuxFile.openDirect(path, write)));
        } catch (IOException _) {
            return NONE;
        }
    }

    /// Reads as much as can go this way, and moves the buffer's position on.
    void read(ByteBuffer out, long at) throws IOException {
        move(out, at, LinuxFile::read);
    }

    /// Writes as much as can go this way, and moves the buffer's position on.
    void write(ByteBuffer bytes, long at) throws IOException {
        move(bytes, at, LinuxFile::write);
    }

    @FunctionalInterface
    private interface Call {
        int run(LinuxFile file, ByteBuffer buffer, long at) throws IOException;
    }

    private void move(ByteBuffer buffer, long at, Call call) throws IOException {
        if (file.isEmpty()
                || !buffer.isDirect()
                || at % Block.BYTES != 0
                || buffer.alignmentOffset(buffer.position(), Block.BYTES) != 0) {
            return;
        }
        int start = buffer.position();
        int end = buffer.limit();
        buffer.limit(start + buffer.remaining() / Block.BYTES * Block.BYTES);
        try {
            int moved = 1;
            while (buffer.hasRemaining() && moved > 0) {
                moved = call.run(file.get(), buffer, at + buffer.position() - start);
            }
        } catch (LinuxException e) {
            if (!e.isUnsupported()) {
                throw e;
            }
        } finally {
            buffer.limit(end);
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
