package dev.muster.protocol.net;

import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Tls;
import dev.muster.protocol.trust.key.TlsKeys;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/// How connections are secured: TLS 1.3 by the JDK, and a certificate of a host of this fleet on both ends.
final class TlsSetup {
    /// How long a close may wait for a peer that does not read to take our last bytes.
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    /// All that TLS 1.3 has, the cheapest first on machines that have AES in hardware.
    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
    };

    private final SSLContext context;
    private final FleetTrust trust;

    TlsSetup(TlsKeys keys, FleetTrust trust) {
        this.context = Tls.context(keys, trust);
        this.trust = trust;
    }

    /// What goes first into the pipeline of a connection.
    SslHandler handler(boolean dialled, Duration limit) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(dialled);
        SSLParameters parameters = Tls.parameters();
        parameters.setCipherSuites(CIPHERS);
        parameters.setNeedClientAuth(!dialled);
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(limit.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(LAST_FLUSH.toMillis());
        return handler;
    }

    /// Who is at the other end, after the handshake. The chain is checked again, because a resumed session has none of
    /// the handshake's checks.
    Subject peer(SslHandler handler) throws CertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : handler.engine().getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            throw new CertificateException("expected a certificate, found none", e);
        }
        Subject peer = trust.check(chain);
        if (peer.role() != Subject.Role.HOST) {
            throw new CertificateException("expected a host, found " + peer);
        }
        return peer;
    }
}
