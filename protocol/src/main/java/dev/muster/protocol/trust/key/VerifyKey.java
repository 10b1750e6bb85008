package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One signer's public keys, one per algorithm.
public record VerifyKey(SortedMap<Algorithm, PublicKey> keys) {
    private static final int KEY_BYTES_MAX = 4096;

    public VerifyKey {
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a signer has at least one key");
        }
        keys.forEach((algorithm, key) -> {
            if (!algorithm.fits(key) || !isUsable(algorithm, key)) {
                throw new IllegalArgumentException("not a public key for " + algorithm);
            }
        });
    }

    /// Bytes of the right form may still be no point of the curve, which only those learn who use them.
    private static boolean isUsable(Algorithm algorithm, PublicKey key) {
        try {
            algorithm.signature().initVerify(key);
            return !algorithm.isWeak(key);
        } catch (InvalidKeyException _) {
            return false;
        }
    }

    /// The key that a certificate speaks of.
    ///
    /// @throws IllegalArgumentException if it is not one of ECDSA P-256
    public static VerifyKey of(X509Certificate certificate) {
        return new VerifyKey(new TreeMap<>(Map.of(Algorithm.ECDSA_P256, certificate.getPublicKey())));
    }

    /// SHA-256 of `"MK1"` and what [#write] writes, without the count.
    public KeyId id() {
        ByteWriter out = new ByteWriter(2048).magic("MK1");
        writeKeys(out);
        return new KeyId(Hash.of(out.toBytes()));
    }

    public Set<Algorithm> algorithms() {
        return keys.keySet();
    }

    /// @throws IllegalArgumentException if the signer has none for this algorithm
    public PublicKey publicKey(Algorithm algorithm) {
        PublicKey key = keys.get(algorithm);
        if (key == null) {
            throw new IllegalArgumentException(id() + " has no key for " + algorithm);
        }
        return key;
    }

    /// Whether the signature is this signer's, for exactly these bytes.
    public boolean verifies(Signature signature, byte[] bytes) {
        PublicKey key = keys.get(signature.algorithm());
        if (key == null) {
            return false;
        }
        java.security.Signature verifier = signature.algorithm().signature();
        try {
            verifier.initVerify(key);
            verifier.update(bytes);
            return verifier.verify(signature.toBytes());
        } catch (SignatureException e) {
            // Thrown for a signature of the wrong length or form, which is as bad as a wrong one.
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a checked key fits its algorithm", e);
        }
    }

    /// u8 count | per algorithm in ascending order: u8 algorithm, u32 length, X.509 public key.
    public void write(ByteWriter out) {
        out.u8(keys.size());
        writeKeys(out);
    }

    public static VerifyKey read(ByteReader in) throws Corrupt {
        SortedMap<Algorithm, PublicKey> keys = new TreeMap<>();
        int count = in.u8(Algorithm.values().length);
        for (int i = 0; i < count; i++) {
            int code = in.u8();
            Algorithm algorithm = Algorithm.of(code).orElseThrow(() -> in.refuse("a known signature algorithm", code));
            if (!keys.isEmpty() && keys.lastKey().compareTo(algorithm) >= 0) {
                throw in.refuse("algorithms in ascending order", algorithm);
            }
            keys.put(algorithm, publicKey(algorithm, in));
        }
        if (keys.isEmpty()) {
            throw in.refuse("a key", "none");
        }
        try {
            return new VerifyKey(keys);
        } catch (IllegalArgumentException _) {
            throw in.refuse("public keys", "what only looks like one");
        }
    }

    private static PublicKey publicKey(Algorithm algorithm, ByteReader in) throws Corrupt {
        try {
            return algorithm.publicKey(in.blob(KEY_BYTES_MAX));
        } catch (IllegalArgumentException e) {
            throw in.refuse("a public key for " + algorithm, "other bytes");
        }
    }

    /// Replaces the file, in which anybody may read the public halves: what travels from where a key was made.
    public void save(Path file) throws IOException {
        Pem pem = new Pem();
        keys.values().forEach(key -> pem.add(Pem.PUBLIC_KEY, key.getEncoded()));
        DurableFile.write(file, pem.toBytes());
    }

    /// The public halves in a file, of which it does not matter whether the private ones stand there too.
    public static VerifyKey load(Path file) throws IOException {
        SortedMap<Algorithm, PublicKey> keys = new TreeMap<>();
        for (PublicKey key : Pem.blocks(
                file.toString(), DurableFile.read(file, Pem.FILE_BYTES_MAX), Pem.PUBLIC_KEY, SigningKey::publicKey)) {
            keys.put(SigningKey.algorithmOf(key), key);
        }
        if (keys.isEmpty()) {
            throw new Corrupt(file + ": expected public keys, found none");
        }
        return new VerifyKey(keys);
    }

    private void writeKeys(ByteWriter out) {
        keys.forEach((algorithm, key) -> out.u8(algorithm.code()).blob(key.getEncoded()));
    }
}
