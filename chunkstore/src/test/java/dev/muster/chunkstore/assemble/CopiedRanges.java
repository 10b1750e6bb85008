package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A file system that shares nothing and says it does: what is cloned is copied, as it is.
final class CopiedRanges implements RangeCalls {
    @Override
    public boolean share(LinuxFile source, long from, long bytes, LinuxFile file, long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) bytes);
        while (buffer.hasRemaining()) {
            int _ = source.read(buffer, from + buffer.position());
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            int _ = file.write(buffer, offset + buffer.position());
        }
        return true;
    }

    @Override
    public boolean punch(LinuxFile file, long offset, long bytes) throws IOException {
        return NONE.punch(file, offset, bytes);
    }

    @Override
    public boolean zero(LinuxFile file, long offset, long bytes) throws IOException {
        return NONE.zero(file, offset, bytes);
    }

    @Override
    public boolean writeBack(LinuxFile file, long offset, long bytes) throws IOException {
        return NONE.writeBack(file, offset, bytes);
    }

    @Override
    public boolean forget(LinuxFile file, long offset, long bytes) throws IOException {
        return NONE.forget(file, offset, bytes);
    }

    @Override
    public long holeBytes(LinuxFile file, long offset) throws IOException {
        return NONE.holeBytes(file, offset);
    }
}
