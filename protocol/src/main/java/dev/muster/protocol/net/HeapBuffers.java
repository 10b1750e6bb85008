package dev.muster.protocol.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/// Pooled buffers on the heap, also for what is read from a socket. The JDK encrypts and decrypts arrays at
/// several times the speed of memory outside the heap, which is worth the copies to and from the socket: the
/// figures are in this package's documentation.
final class HeapBuffers extends PooledByteBufAllocator {
    HeapBuffers() {
        super(false);
    }

    @Override
    public ByteBuf ioBuffer() {
        return heapBuffer();
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity) {
        return heapBuffer(initialCapacity);
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity, int maxCapacity) {
        return heapBuffer(initialCapacity, maxCapacity);
    }
}
