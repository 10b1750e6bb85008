package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Chains of certificates as bytes, leaf to root: u8 count, per certificate u32 length and DER.
public final class Certificates {
    /// Leaf, two intermediates, root.
    public static final int CHAIN_MAX = 4;

    static final int DER_BYTES_MAX = 8192;

    private Certificates() {}

    public static byte[] encode(List<X509Certificate> chain) {
        ByteWriter out = new ByteWriter(4096).u8(chain.size());
        chain.forEach(certificate -> out.blob(der(certificate)));
        return out.toBytes();
    }

    public static List<X509Certificate> decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("certificate chain", bytes);
        int count = in.u8(CHAIN_MAX);
        List<X509Certificate> chain = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                chain.add(parse(in.blob(DER_BYTES_MAX)));
            }
        } catch (IllegalArgumentException e) {
            throw new Corrupt("certificate chain: expected X.509 certificates, found other bytes", e);
        }
        in.end();
        return chain;
    }

    /// SHA-256 of the certificate's DER: how a root document names the CA root.
    public static Hash hashOf(X509Certificate certificate) {
        return Hash.of(der(certificate));
    }

    static X509Certificate parse(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("not a certificate: " + e.getMessage(), e);
        }
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
        }
    }
}
