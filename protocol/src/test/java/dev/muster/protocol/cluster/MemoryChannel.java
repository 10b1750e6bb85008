package dev.muster.protocol.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.MutualTls;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/// The two handlers of one end of a connection, called as Hazelcast's pipelines call them, on the test's thread. The
/// handlers beside them and the socket take and give as many bytes as chance will have.
final class MemoryChannel implements TlsChannel.Connection {
    private static final int NEIGHBOUR_BYTES = 5000;
    private static final int ROUNDS_MAX = 1_000_000;

    private final RandomGenerator random;
    private final TlsDecoder decoder;
    private final TlsEncoder encoder;
    private final ByteBuffer plainIn = ByteBuffer.allocate(NEIGHBOUR_BYTES);
    private final ByteBuffer plainOut = ByteBuffer.allocate(NEIGHBOUR_BYTES).flip();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Subject> greeted = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean reads = true;
    private boolean writes = true;
    private boolean readerWoken;
    private boolean writerWoken;

    MemoryChannel(TlsKeys keys, FleetTrust trust, boolean dialled, RandomGenerator random) throws IOException {
        this.random = random;
        TlsChannel tls = new TlsChannel(new MutualTls(keys, trust), dialled, tasks::add, this);
        decoder = new TlsDecoder(tls);
        decoder.dst(plainIn);
        encoder = new TlsEncoder(tls);
        encoder.src(plainOut);
    }

    /// `count` packets of up to `bytesMax` bytes, and `last`.
    static byte[] stream(RandomGenerator random, int count, int bytesMax, byte[]... last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("HZC".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            out.writeBytes(packet(random.nextInt(bytesMax), random));
        }
        for (byte[] packet : last) {
            out.writeBytes(packet);
        }
        return out.toByteArray();
    }

    static byte[] packet(int length, RandomGenerator random) {
        byte[] body = new byte[length];
        random.nextBytes(body);
        return ByteBuffer.allocate(11 + length)
                .put((byte) 4)
                .putShort((short) 0)
                .putInt(0)
                .putInt(length)
                .put(body)
                .array();
    }

    /// Carries bytes both ways until all have arrived.
    static void exchange(MemoryChannel a, MemoryChannel b, byte[] fromA, byte[] fromB) throws IOException {
        ByteBuffer leftA = ByteBuffer.wrap(fromA);
        ByteBuffer leftB = ByteBuffer.wrap(fromB);
        for (int round = 0; round < ROUNDS_MAX; round++) {
            a.turn(leftA);
            b.receiveFrom(a);
            b.turn(leftB);
            a.receiveFrom(b);
            if (a.received.size() == fromB.length && b.received.size() == fromA.length) {
                return;
            }
        }
        throw new AssertionError("stuck: " + a.received.size() + " of " + fromB.length + " and " + b.received.size()
                + " of " + fromA.length + " bytes have arrived");
    }

    /// What other threads do meanwhile, and then one call of the outbound pipeline.
    private void turn(ByteBuffer left) throws IOException {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        if (readerWoken) {
            readerWoken = false;
            reads = true;
            receive(ByteBuffer.allocate(0));
        }
        writes |= writerWoken;
        writerWoken = false;
        plainOut.compact();
        int length = Math.min(Math.min(left.remaining(), plainOut.remaining()), random.nextInt(NEIGHBOUR_BYTES));
        plainOut.put(left.slice(left.position(), length)).flip();
        left.position(left.position() + length);
        if (writes) {
            writes = encoder.onWrite() != HandlerStatus.BLOCKED;
        }
    }

    private void receiveFrom(MemoryChannel other) throws IOException {
        ByteBuffer records = other.encoder.dst();
        int length =
                Math.min(random.nextInt(records.remaining() + 1), decoder.src().remaining());
        if (reads) {
            receive(records.slice(records.position(), length));
            records.position(records.position() + length);
        }
    }

    /// Bytes from the socket, and the calls of the inbound pipeline that follow.
    void receive(ByteBuffer records) throws IOException {
        decoder.src().put(records);
        HandlerStatus status;
        do {
            status = decoder.onRead();
            plainIn.flip();
            byte[] some = new byte[Math.min(plainIn.remaining(), 1 + random.nextInt(NEIGHBOUR_BYTES))];
            plainIn.get(some);
            received.writeBytes(some);
            plainIn.compact();
        } while (status == HandlerStatus.DIRTY || plainIn.position() > 0);
        reads = status != HandlerStatus.BLOCKED;
    }

    byte[] received() {
        return received.toByteArray();
    }

    List<Subject> greeted() {
        return greeted;
    }

    @Override
    public void greet(Subject peer) {
        greeted.add(peer);
    }

    @Override
    public void wakeReader() {
        readerWoken = true;
    }

    @Override
    public void wakeWriter() {
        writerWoken = true;
    }
}
