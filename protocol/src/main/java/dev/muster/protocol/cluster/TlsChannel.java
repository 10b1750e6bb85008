package dev.muster.protocol.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import dev.muster.protocol.trust.key.MutualTls;
import dev.muster.protocol.trust.key.Subject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/// TLS on one connection between members: what the handlers of its two directions share.
///
/// ```
///            ┌───────────── TlsDecoder ──┐
/// socket ────┤                           ├── Hazelcast
///            └── TlsEncoder ─────────────┘
/// ```
/// Nothing passes in either direction before the handshake is over and the peer is known and welcome. Hazelcast runs
/// each direction on a thread of its own and neither may wait, so each call does what it can under the lock; whoever
/// cannot go on is told BLOCKED, and is woken by the one who can change that. Signatures and certificates are left to
/// another executor.
final class TlsChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// What a channel needs of the connection that it is on. All may be called on any thread.
    interface Connection {
        /// Lets the peer in, or not.
        ///
        /// @throws CertificateException to close the connection
        void greet(Subject peer) throws CertificateException;

        /// There may be something to read, or room to read it.
        void wakeReader();

        /// There may be something to write.
        void wakeWriter();
    }

    private final MutualTls tls;
    private final SSLEngine engine;
    private final Executor executor;
    private final Connection connection;
    private final PacketLimit limit = new PacketLimit();
    private final ByteBuffer plain;
    private State state = State.HANDSHAKE;
    private boolean busy;
    private boolean readerWaits;
    private IOException failure = new IOException("none");

    private enum State {
        HANDSHAKE,
        OPEN,
        FAILED
    }

    /// @param dialled whether the connection is ours
    /// @param executor for what takes a millisecond
    TlsChannel(MutualTls tls, boolean dialled, Executor executor, Connection connection) throws SSLException {
        this.tls = tls;
        this.engine = tls.engine(dialled);
        this.executor = executor;
        this.connection = connection;
        this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .flip();
        engine.beginHandshake();
    }

    /// What a buffer of records needs to hold at least.
    int recordBytesMax() {
        return engine.getSession().getPacketBufferSize();
    }

    /// Takes records that came and gives what was in them.
    ///
    /// @param records to be read from
    /// @param out to be written to; what does not fit stays here
    synchronized HandlerStatus read(ByteBuffer records, ByteBuffer out) throws IOException {
        while (true) {
            check();
            deliver(out);
            if (plain.hasRemaining()) {
                return HandlerStatus.DIRTY;
            }
            if (busy || engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                work();
                return readerBlocked();
            }
            boolean writerFirst = engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            if (writerFirst) {
                connection.wakeWriter();
                if (state == State.HANDSHAKE) {
                    return readerBlocked();
                }
            }
            if (!records.hasRemaining()) {
                return HandlerStatus.CLEAN;
            }
            plain.clear();
            SSLEngineResult result = engine.unwrap(records, plain);
            plain.flip();
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                return HandlerStatus.CLEAN;
            }
            advance(result);
            if (plain.hasRemaining()) {
                limit.scan(plain.duplicate());
            } else if (writerFirst && result.bytesConsumed() == 0) {
                return readerBlocked();
            }
        }
    }

    /// Takes what is to be sent and gives records.
    ///
    /// @param in to be read from
    /// @param records to be written to
    synchronized HandlerStatus write(ByteBuffer in, ByteBuffer records) throws IOException {
        while (true) {
            check();
            HandshakeStatus handshake = engine.getHandshakeStatus();
            if (busy || handshake == HandshakeStatus.NEED_TASK) {
                work();
                return HandlerStatus.BLOCKED;
            }
            if (handshake != HandshakeStatus.NEED_WRAP) {
                wakeReader();
                if (state == State.HANDSHAKE) {
                    return HandlerStatus.BLOCKED;
                }
                if (!in.hasRemaining()) {
                    return HandlerStatus.CLEAN;
                }
            }
            SSLEngineResult result = engine.wrap(state == State.OPEN ? in : NOTHING, records);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                return HandlerStatus.DIRTY;
            }
            advance(result);
        }
    }

    private void check() throws IOException {
        if (state == State.FAILED) {
            throw failure;
        }
    }

    private void deliver(ByteBuffer out) {
        int length = Math.min(plain.remaining(), out.remaining());
        out.put(out.position(), plain, plain.position(), length);
        out.position(out.position() + length);
        plain.position(plain.position() + length);
    }

    private void advance(SSLEngineResult result) throws IOException {
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new EOFException("the other end has closed its TLS");
        }
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && state == State.HANDSHAKE) {
            submit(List.of(this::greet));
        }
        if (state == State.HANDSHAKE && plain.hasRemaining()) {
            throw new SSLHandshakeException("expected the end of the handshake, found other bytes before it");
        }
    }

    /// Starts what the engine asks for, unless something runs.
    private void work() {
        if (busy) {
            return;
        }
        List<Runnable> tasks = new ArrayList<>();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            tasks.add(task);
        }
        submit(tasks);
    }

    private void submit(List<Runnable> tasks) {
        busy = true;
        executor.execute(() -> {
            tasks.forEach(Runnable::run);
            resume();
        });
    }

    private void greet() {
        State next = State.OPEN;
        IOException why = failure;
        try {
            connection.greet(tls.peer(engine));
        } catch (CertificateException e) {
            next = State.FAILED;
            why = new SSLHandshakeException(e.getMessage());
        }
        synchronized (this) {
            state = next;
            failure = why;
        }
    }

    private synchronized void resume() {
        busy = false;
        wakeReader();
        connection.wakeWriter();
    }

    private HandlerStatus readerBlocked() {
        readerWaits = true;
        return HandlerStatus.BLOCKED;
    }

    private void wakeReader() {
        if (readerWaits) {
            readerWaits = false;
            connection.wakeReader();
        }
    }
}
