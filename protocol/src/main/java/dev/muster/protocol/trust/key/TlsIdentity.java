package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Who we are on every connection: our TLS key and the chain of certificates that vouches for it, leaf to root.
///
/// One PEM file holds both, readable by its owner only. A host signs its reports with the same key.
public final class TlsIdentity {
    private final SigningKey key;
    private final List<X509Certificate> chain;
    private final Subject subject;

    /// @param key of [SigningKey#TLS]
    /// @throws Refused if the chain's leaf names nobody
    public TlsIdentity(SigningKey key, List<X509Certificate> chain) throws Refused {
        if (chain.isEmpty() || chain.size() > Certificates.CHAIN_MAX) {
            throw new IllegalArgumentException("a chain has 1 to 4 certificates, not " + chain.size());
        }
        if (!VerifyKey.of(chain.getFirst()).equals(key.verifyKey())) {
            throw new IllegalArgumentException("the certificate is for another key than " + key);
        }
        this.key = key;
        this.chain = List.copyOf(chain);
        this.subject = Subject.of(chain.getFirst());
    }

    public SigningKey key() {
        return key;
    }

    public List<X509Certificate> chain() {
        return chain;
    }

    public Subject subject() {
        return subject;
    }

    /// The end of the leaf's life.
    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /// When two thirds of the leaf's life are over.
    public Instant renewAt() {
        Instant notBefore = chain.getFirst().getNotBefore().toInstant();
        long lifeMillis = notAfter().toEpochMilli() - notBefore.toEpochMilli();
        return notBefore.plusMillis(lifeMillis / 3 * 2);
    }

    /// Replaces the file, which only its owner can read from its first byte on.
    public void save(Path file) throws IOException {
        Pem pem = key.write(new Pem());
        chain.forEach(certificate -> pem.add(Pem.CERTIFICATE, Certificates.der(certificate)));
        DurableFile.writeSecret(file, pem.toBytes());
    }

    public static TlsIdentity load(Path file) throws IOException {
        byte[] pem = DurableFile.read(file, Pem.FILE_BYTES_MAX);
        String what = file.toString();
        try {
            return new TlsIdentity(
                    SigningKey.read(what, pem), Pem.blocks(what, pem, Pem.CERTIFICATE, Certificates::parse));
        } catch (IllegalArgumentException e) {
            throw new Corrupt(what + ": " + e.getMessage(), e);
        }
    }

    PrivateKey privateKey() {
        return key.privateKey(Algorithm.ECDSA_P256);
    }

    @Override
    public String toString() {
        return subject + " until " + notAfter();
    }
}
