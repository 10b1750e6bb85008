package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Puts messages together again from a stream of bytes that is cut anywhere. One for each direction of a connection;
/// not safe for threads.
///
/// A peer makes it hold no more than one frame or twice what it sent, and never more than one message: the length is
/// checked first, and beyond the size of a frame memory grows only as bytes come.
public final class MessageAssembler {
    /// Enough at once for every DATA message, so that a frame is copied once.
    private static final int ALLOCATED_AT_ONCE = MessageCodec.PREFIX_BYTES + MessageType.DATA.bodyBytesMax();

    private final byte[] prefix = new byte[MessageCodec.PREFIX_BYTES];
    private byte[] bytes = prefix;
    private int filled;
    private int size = MessageCodec.PREFIX_BYTES;

    /// Takes bytes up to the end of a message, and returns that message, or takes all and returns nothing. To be called
    /// until it returns nothing. Once it has thrown, the stream cannot be read on.
    public Optional<Message> next(ByteBuffer in) throws Corrupt {
        while (in.hasRemaining()) {
            take(in);
            if (filled == size && size == MessageCodec.PREFIX_BYTES) {
                size = MessageCodec.size(ByteBuffer.wrap(prefix));
                bytes = Arrays.copyOf(prefix, Math.min(size, ALLOCATED_AT_ONCE));
            }
            if (filled == size) {
                ByteBuffer message = ByteBuffer.wrap(bytes, 0, size);
                bytes = prefix;
                filled = 0;
                size = MessageCodec.PREFIX_BYTES;
                return Optional.of(MessageCodec.decode(message));
            }
        }
        return Optional.empty();
    }

    private void take(ByteBuffer in) {
        if (filled == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(size, 2 * bytes.length));
        }
        int length = Math.min(in.remaining(), bytes.length - filled);
        in.get(bytes, filled, length);
        filled += length;
    }
}
