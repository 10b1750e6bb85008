package dev.muster.protocol.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The first of a channel's inbound handlers: from records to what the next handler reads.
final class TlsDecoder extends InboundHandler<ByteBuffer, ByteBuffer> {
    /// A read of the socket should find more than one record.
    private static final int RECORDS = 2;

    private final TlsChannel tls;

    TlsDecoder(TlsChannel tls) {
        this.tls = tls;
        this.src = ByteBuffer.allocate(RECORDS * tls.recordBytesMax());
    }

    @Override
    public HandlerStatus onRead() throws IOException {
        src.flip();
        try {
            return tls.read(src, dst);
        } finally {
            src.compact();
        }
    }
}
