package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// An open target, in blocks of an image that lies on it or is to. The last block of the image may be a part
/// of one: what lies behind is left alone, and counts as zeros. Safe for many threads.
final class TargetFile implements Closeable {
    private static final int ZERO_BLOCKS = 256;

    private final Path path;
    private final DiskFile file;

    TargetFile(Path path, DiskFile file) {
        this.path = path;
        this.file = file;
    }

    DiskFile file() {
        return file;
    }

    /// Whether the target is this file still.
    boolean isThere() {
        return file.isAt(path);
    }

    long size() throws IOException {
        return file.size();
    }

    /// How many blocks of an image of `length` bytes the target has room for, from the first on.
    long blocks(long length) throws IOException {
        long size = file.size();
        return size < length ? size / Block.BYTES : Block.count(length);
    }

    /// Fills `out`, position to limit, with whole blocks from `first` on, as an image of `length` bytes has
    /// them.
    ///
    /// @throws java.io.EOFException if the target ends before
    void read(ByteBuffer out, long first, long length) throws IOException {
        int end = out.limit();
        int bytes = within(first, out.remaining(), length);
        file.read(out.limit(out.position() + bytes), first * Block.BYTES);
        out.limit(end);
        while (out.hasRemaining()) {
            out.put((byte) 0);
        }
    }

    /// Writes whole blocks, position to limit, from `first` on, as far as they are of an image of `length`
    /// bytes.
    void write(ByteBuffer blocks, long first, long length) throws IOException {
        int bytes = within(first, blocks.remaining(), length);
        try {
            file.write(blocks.slice(blocks.position(), bytes), first * Block.BYTES);
        } catch (IOException e) {
            throw refused("to write " + bytes + " bytes at " + first * Block.BYTES, e);
        }
    }

    /// Makes blocks of an image of `length` bytes read as zeros.
    void zero(long first, long blocks, long length) throws IOException {
        long end = Math.min(first + blocks, length / Block.BYTES);
        try {
            if (end > first && !file.punch(first * Block.BYTES, (end - first) * Block.BYTES)) {
                ByteBuffer zeros = ByteBuffer.allocate(ZERO_BLOCKS * Block.BYTES);
                for (long at = first; at < end; at += ZERO_BLOCKS) {
                    int bytes = (int) Math.min(ZERO_BLOCKS, end - at) * Block.BYTES;
                    file.write(zeros.slice(0, bytes), at * Block.BYTES);
                }
            }
        } catch (IOException e) {
            throw refused("to write zeros at " + first * Block.BYTES, e);
        }
        if (end < first + blocks) {
            write(ByteBuffer.allocate(Block.BYTES), end, length);
        }
    }

    /// Makes the target longer or shorter. What is new reads as zeros.
    void resize(long length) throws IOException {
        long size = file.size();
        try {
            if (size > length) {
                file.truncate(length);
            } else if (size < length) {
                file.write(ByteBuffer.allocate(1), length - 1);
            }
        } catch (IOException e) {
            throw refused("a length of " + length + " bytes", e);
        }
    }

    void force() throws IOException {
        try {
            file.force();
        } catch (IOException e) {
            throw refused("to write durably", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static int within(long first, int bytes, long length) {
        return (int) Math.min(bytes, length - first * Block.BYTES);
    }

    private TargetRefused refused(String expected, IOException e) {
        return new TargetRefused("target " + path + ": expected " + expected + ", found: " + e.getMessage(), e);
    }
}
