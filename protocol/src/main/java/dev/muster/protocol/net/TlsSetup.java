package dev.muster.protocol.net;

import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.MutualTls;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsKeys;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.time.Duration;

/// How connections are secured: [MutualTls], with a host of this fleet on both ends.
final class TlsSetup {
    /// How long a close may wait for a peer that does not read to take our last bytes.
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    private final MutualTls tls;

    TlsSetup(TlsKeys keys, FleetTrust trust) {
        this.tls = new MutualTls(keys, trust);
    }

    /// What goes first into the pipeline of a connection.
    SslHandler handler(boolean dialled, Duration limit) {
        SslHandler handler = new SslHandler(tls.engine(dialled));
        handler.setHandshakeTimeoutMillis(limit.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(LAST_FLUSH.toMillis());
        return handler;
    }

    /// Who is at the other end, after the handshake.
    Subject peer(SslHandler handler) throws CertificateException {
        Subject peer = tls.peer(handler.engine());
        if (peer.role() != Subject.Role.HOST) {
            throw new CertificateException("expected a host, found " + peer);
        }
        return peer;
    }
}
