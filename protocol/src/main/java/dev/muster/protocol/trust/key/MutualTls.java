package dev.muster.protocol.trust.key;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/// TLS 1.3 by the JDK where both ends show a certificate of the fleet: between hosts, and between the
/// cluster's members. Immutable, safe for threads; a renewed identity is shown from the next connection on.
public final class MutualTls {
    /// All that TLS 1.3 has, the cheapest first on machines that have AES in hardware.
    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
    };

    private final SSLContext context;
    private final FleetTrust trust;

    public MutualTls(TlsKeys keys, FleetTrust trust) {
        this.context = Tls.context(keys, trust);
        this.trust = trust;
    }

    /// One end of a new connection.
    ///
    /// @param dialled whether it is ours
    public SSLEngine engine(boolean dialled) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(dialled);
        SSLParameters parameters = Tls.parameters();
        parameters.setCipherSuites(CIPHERS);
        parameters.setNeedClientAuth(!dialled);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// Who is at the other end, after the handshake. The chain is checked again, because a resumed session has none of
    /// the handshake's checks.
    public Subject peer(SSLEngine engine) throws CertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            throw new CertificateException("expected a certificate, found none", e);
        }
        return trust.check(chain);
    }

    /// Whether this member was let in once and is no longer.
    public boolean isRevoked(Subject member) {
        return trust.isRevoked(member);
    }
}
