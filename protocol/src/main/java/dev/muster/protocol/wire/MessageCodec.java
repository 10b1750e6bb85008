package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Messages to bytes and back. The layout is in this package's documentation.
public final class MessageCodec {
    private static final int LENGTH_BYTES = 4;

    /// The length and the type: what must be there to know how many bytes a message takes.
    public static final int PREFIX_BYTES = LENGTH_BYTES + 1;

    /// The longest message of all.
    public static final int BYTES_MAX = PREFIX_BYTES + MessageType.PARTICIPATE.bodyBytesMax();

    private MessageCodec() {}

    /// A message as bytes, in two parts, so that what is long need not be copied.
    ///
    /// @param start the prefix and all that was written for this message
    /// @param rest the bytes that the message carries, read only, as they are in it; often none
    public record Encoded(ByteBuffer start, ByteBuffer rest) {
        public int size() {
            return start.remaining() + rest.remaining();
        }

        public byte[] toBytes() {
            byte[] bytes = new byte[size()];
            ByteBuffer.wrap(bytes).put(start.duplicate()).put(rest.duplicate());
            return bytes;
        }
    }

    public static Encoded encode(Message message) {
        ByteWriter out = new ByteWriter(64).u32(0).u8(MessageType.of(message).code());
        ByteBuffer rest = MessageBody.write(message, out);
        ByteBuffer start = ByteBuffer.wrap(out.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
        start.putInt(0, start.remaining() + rest.remaining() - LENGTH_BYTES);
        return new Encoded(start, rest);
    }

    /// How many bytes the message takes, prefix and all, that starts at the buffer's position. At least
    /// [#PREFIX_BYTES] must be there; the buffer is left alone.
    ///
    /// @throws Corrupt if there is no such type, or its messages are never that long
    public static int size(ByteBuffer prefix) throws Corrupt {
        ByteReader in = new ByteReader("message", prefix);
        long length = in.u32();
        MessageType type = MessageType.of(in.u8());
        if (length < 1 || length > 1 + type.bodyBytesMax()) {
            throw new Corrupt("message " + type + ": expected a body of at most " + type.bodyBytesMax()
                    + " bytes, found length " + length);
        }
        return LENGTH_BYTES + (int) length;
    }

    /// Decodes exactly one message. What it carries (frame, head, page, document) is a view of `bytes`, which must not
    /// change after.
    ///
    /// @throws Corrupt for anything that [#encode] does not write
    public static Message decode(ByteBuffer bytes) throws Corrupt {
        if (bytes.remaining() < PREFIX_BYTES || size(bytes) != bytes.remaining()) {
            throw new Corrupt("message: expected its own length, found " + bytes.remaining() + " bytes");
        }
        MessageType type = MessageType.of(bytes.get(bytes.position() + LENGTH_BYTES));
        ByteReader in = new ByteReader(
                "message " + type, bytes.slice(bytes.position() + PREFIX_BYTES, bytes.remaining() - PREFIX_BYTES));
        try {
            Message message = MessageBody.read(type, in);
            in.end();
            return message;
        } catch (IllegalArgumentException e) {
            // The rules of a message are written once, in its record.
            throw new Corrupt("message " + type + ": " + e.getMessage(), e);
        }
    }
}
