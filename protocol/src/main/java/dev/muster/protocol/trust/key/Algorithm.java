package dev.muster.protocol.trust.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// A signature algorithm. The code is part of signed formats and never changes.
public enum Algorithm {
    /// RFC 8032.
    ED25519(1, "Ed25519", "Ed25519", 44, "302a300506032b6570032100"),
    /// FIPS 204, pure, with an empty context.
    ML_DSA_65(2, "ML-DSA-65", "ML-DSA-65", 1974, "308207b2300b0609608648016503040312038207a100"),
    /// FIPS 186-5 on curve P-256 with SHA-256; the signature is DER.
    ECDSA_P256(3, "SHA256withECDSA", "EC", 91, "3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    /// More than the largest signature, which is that of ML-DSA-87.
    public static final int SIGNATURE_BYTES_MAX = 8192;

    /// The points of small order of Ed25519 by their y, which comes little-endian, in all forms: as libsodium refuses.
    private static final Set<String> SMALL_ORDER = Set.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    private final int code;
    private final String signatureName;
    private final String keyName;
    private final int publicKeyBytes;
    private final String publicKeyPrefix;

    Algorithm(int code, String signatureName, String keyName, int publicKeyBytes, String publicKeyPrefix) {
        this.code = code;
        this.signatureName = signatureName;
        this.keyName = keyName;
        this.publicKeyBytes = publicKeyBytes;
        this.publicKeyPrefix = publicKeyPrefix;
    }

    public int code() {
        return code;
    }

    /// The algorithm with this code, if there is one.
    public static Optional<Algorithm> of(int code) {
        return Arrays.stream(values()).filter(a -> a.code == code).findFirst();
    }

    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyName);
            if (this == ECDSA_P256) {
                generator.initialize(256);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw absent(e);
        }
    }

    Signature signature() {
        try {
            return Signature.getInstance(signatureName);
        } catch (GeneralSecurityException e) {
            throw absent(e);
        }
    }

    KeyFactory keyFactory() {
        try {
            return KeyFactory.getInstance(keyName);
        } catch (GeneralSecurityException e) {
            throw absent(e);
        }
    }

    /// The key in exactly these bytes.
    ///
    /// @throws IllegalArgumentException for another algorithm's key, a bad point, or another encoding of a good one
    PublicKey publicKey(byte[] x509) {
        try {
            if (hasShape(x509)) {
                PublicKey key = keyFactory().generatePublic(new X509EncodedKeySpec(x509));
                if (Arrays.equals(key.getEncoded(), x509)) {
                    return key;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a public key for " + this, e);
        }
        throw new IllegalArgumentException("not a public key for " + this);
    }

    /// Whether the key is of this algorithm and curve.
    boolean fits(PublicKey key) {
        byte[] x509 = key.getEncoded();
        return x509 != null && hasShape(x509);
    }

    /// Whether nobody's signatures hold under the key: it is one of the few points of small order.
    boolean isWeak(PublicKey key) {
        byte[] x509 = key.getEncoded();
        byte[] point = Arrays.copyOfRange(x509, x509.length - 32, x509.length);
        point[31] &= 0x7f; // The sign of x.
        return this == ED25519 && SMALL_ORDER.contains(HexFormat.of().formatHex(point));
    }

    boolean hasShape(byte[] x509) {
        return x509.length == publicKeyBytes && HexFormat.of().formatHex(x509).startsWith(publicKeyPrefix);
    }

    private IllegalStateException absent(GeneralSecurityException e) {
        return new IllegalStateException("Java 25 has " + this, e);
    }
}
