package dev.muster.protocol.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The last of a channel's outbound handlers: from what the handler before wrote to records.
final class TlsEncoder extends OutboundHandler<ByteBuffer, ByteBuffer> {
    /// A write to the socket should hold more than one record.
    private static final int RECORDS = 2;

    private final TlsChannel tls;

    TlsEncoder(TlsChannel tls) {
        this.tls = tls;
        this.dst = ByteBuffer.allocate(RECORDS * tls.recordBytesMax()).flip();
    }

    @Override
    public HandlerStatus onWrite() throws IOException {
        dst.compact();
        try {
            return tls.write(src, dst);
        } finally {
            dst.flip();
        }
    }
}
