package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// Certification requests (PKCS#10, RFC 2986), of which we use the public key and the proof of its possession only.
public final class Request {
    public static final int BYTES_MAX = 4096;

    private Request() {}

    /// A request for a certificate for this key.
    public static byte[] of(SigningKey key) {
        try {
            PublicKey publicKey = key.verifyKey().publicKey(Algorithm.ECDSA_P256);
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal(""), publicKey)
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.privateKey(Algorithm.ECDSA_P256)))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a checked key can sign a request", e);
        }
    }

    /// The key that asks, which signed the request. What else the request says is not read.
    public static VerifyKey verify(byte[] request) throws Refused {
        if (request.length > BYTES_MAX) {
            throw refuse(Reason.MALFORMED, "at most " + BYTES_MAX + " bytes, found " + request.length);
        }
        try {
            PKCS10CertificationRequest csr = new PKCS10CertificationRequest(request);
            SubjectPublicKeyInfo info = csr.getSubjectPublicKeyInfo();
            PublicKey key = Algorithm.ECDSA_P256.publicKey(info.getEncoded());
            if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(info))) {
                throw refuse(Reason.BAD_SIGNATURE, "a signature by the key that asks, found another");
            }
            return new VerifyKey(new TreeMap<>(Map.of(Algorithm.ECDSA_P256, key)));
        } catch (Refused e) {
            throw e;
        } catch (PKCSException | OperatorCreationException e) {
            throw refuse(Reason.BAD_SIGNATURE, "a signature by the key that asks, found none that can be checked");
        } catch (IOException | RuntimeException e) {
            // BouncyCastle reads lazily and meets hostile bytes with unchecked exceptions of many kinds.
            throw refuse(Reason.MALFORMED, "PKCS#10 with a key of ECDSA P-256, found other bytes");
        }
    }

    private static Refused refuse(Reason reason, String message) {
        return new Refused(reason, "certification request: expected " + message);
    }
}
