package dev.muster.agent.control;

import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/// A channel that takes everything and keeps nothing.
final class Drain implements GatheringByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
        int count = bytes.remaining();
        bytes.position(bytes.limit());
        return count;
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) {
        long count = 0;
        for (int i = offset; i < offset + length; i++) {
            count += write(buffers[i]);
        }
        return count;
    }

    @Override
    public long write(ByteBuffer[] buffers) {
        return write(buffers, 0, buffers.length);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // There is nothing to let go.
    }
}
