package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.ByteBuffer;

/// Follows what a member sends, and refuses a packet longer than the cluster has use for before Hazelcast, which
/// believes any length, makes room for it.
///
/// ```
/// "HZC" | packet ...      packet = u8 version | u16 flags | u32 partition | i32 length | length bytes, big-endian
/// ```
final class PacketLimit {
    /// A member that joins is sent the whole view at once: 256 presences of 32 KiB, and what Hazelcast adds.
    static final int PACKET_BYTES_MAX = 16 << 20;

    private static final int PROTOCOL_BYTES = 3;
    private static final int HEADER_BYTES = 11;
    private static final int LENGTH_BYTES = 4;

    private int body = PROTOCOL_BYTES;
    private int header;
    private int length;

    /// @param next bytes of the stream
    void scan(ByteBuffer next) throws Corrupt {
        while (next.hasRemaining()) {
            if (body > 0) {
                int skipped = Math.min(body, next.remaining());
                next.position(next.position() + skipped);
                body -= skipped;
                continue;
            }
            int octet = next.get() & 0xff;
            header++;
            if (header > HEADER_BYTES - LENGTH_BYTES) {
                length = length << Byte.SIZE | octet;
            }
            if (header == HEADER_BYTES) {
                if (length < 0 || length > PACKET_BYTES_MAX) {
                    throw new Corrupt("packet of a member: expected at most " + PACKET_BYTES_MAX + " bytes, found "
                            + Integer.toUnsignedString(length));
                }
                body = length;
                header = 0;
                length = 0;
            }
        }
    }
}
