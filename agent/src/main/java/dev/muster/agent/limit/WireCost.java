package dev.muster.agent.limit;

/// What a message takes of an Ethernet link: itself, TLS 1.3 (RFC 8446), TCP with time stamps, IPv4 and
/// Ethernet.
///
/// With IPv6, or where segments are smaller than 1,448 bytes, it is up to 2 % more; the acknowledgements of the
/// other direction are not counted.
public final class WireCost {
    private static final int TLS_RECORD_BYTES = 1 << 14;

    /// Head 5, type 1, tag 16.
    private static final int TLS_EXTRA_BYTES = 22;

    private static final int SEGMENT_BYTES = 1448;

    /// Ethernet 14, IPv4 20, TCP 20 and 12 of time stamps.
    private static final int SEGMENT_EXTRA_BYTES = 66;

    private WireCost() {}

    /// What the socket sends for a message: the message and TLS around it.
    public static long ofTls(long messageBytes) {
        return messageBytes + Math.ceilDiv(messageBytes, TLS_RECORD_BYTES) * TLS_EXTRA_BYTES;
    }

    /// What the interface sends for a message.
    public static long of(long messageBytes) {
        long tls = ofTls(messageBytes);
        // Segments of a stream are filled by the next message too, so there is no rounding.
        return tls + Math.ceilDiv(tls * SEGMENT_EXTRA_BYTES, SEGMENT_BYTES);
    }
}
