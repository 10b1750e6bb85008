package dev.muster.protocol.trust.key;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// How every connection of a fleet is set up: TLS 1.3 (RFC 8446) and nothing older.
public final class Tls {
    public static final String VERSION = "TLSv1.3";

    private Tls() {}

    /// A context that shows `keys` and believes `trust`. Older versions are off only where [#parameters] are used too.
    public static SSLContext context(TlsKeys keys, X509ExtendedTrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + VERSION, e);
        }
    }

    public static SSLParameters parameters() {
        return new SSLParameters(null, new String[] {VERSION});
    }
}
