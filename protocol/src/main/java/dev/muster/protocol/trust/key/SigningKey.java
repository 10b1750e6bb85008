package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One signer's private keys, one per algorithm. They are never printed and leave this object only into the signer's
/// own file and into TLS.
public final class SigningKey {
    /// What documents are signed with unless a root document says otherwise.
    public static final Set<Algorithm> HYBRID = Set.of(Algorithm.ED25519, Algorithm.ML_DSA_65);

    /// What hosts, coordinators and operators have for TLS and for their reports.
    public static final Set<Algorithm> TLS = Set.of(Algorithm.ECDSA_P256);

    private final Map<Algorithm, PrivateKey> privateKeys;
    private final VerifyKey verifyKey;
    private final KeyId id;

    private SigningKey(Map<Algorithm, PrivateKey> privateKeys, VerifyKey verifyKey) {
        this.privateKeys = Collections.unmodifiableMap(privateKeys);
        this.verifyKey = verifyKey;
        this.id = verifyKey.id();
    }

    /// A new signer, with a key of each algorithm.
    public static SigningKey generate(Set<Algorithm> algorithms) {
        Map<Algorithm, PrivateKey> privateKeys = new EnumMap<>(Algorithm.class);
        SortedMap<Algorithm, PublicKey> publicKeys = new TreeMap<>();
        for (Algorithm algorithm : algorithms) {
            KeyPair pair = algorithm.generate();
            privateKeys.put(algorithm, pair.getPrivate());
            publicKeys.put(algorithm, pair.getPublic());
        }
        return new SigningKey(privateKeys, new VerifyKey(publicKeys));
    }

    public VerifyKey verifyKey() {
        return verifyKey;
    }

    public KeyId id() {
        return id;
    }

    /// One signature by each of the signer's algorithms, in ascending order.
    public List<Signature> sign(byte[] bytes) {
        List<Signature> signatures = new ArrayList<>();
        privateKeys.forEach((algorithm, key) -> {
            java.security.Signature signer = algorithm.signature();
            try {
                signer.initSign(key);
                signer.update(bytes);
                signatures.add(new Signature(id, algorithm, ByteBuffer.wrap(signer.sign())));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a key signs what it was made for", e);
            }
        });
        return signatures;
    }

    /// Replaces the file, which only its owner can read from its first byte on.
    public void save(Path file) throws IOException {
        DurableFile.writeSecret(file, write(new Pem()).toBytes());
    }

    /// The same, but nobody reads it without the passphrase either: see [LockedKey].
    public void save(Path file, char[] passphrase) throws IOException {
        Pem pem = new Pem();
        privateKeys.forEach(
                (algorithm, key) -> pem.add(Pem.LOCKED_PRIVATE_KEY, LockedKey.lock(key.getEncoded(), passphrase))
                        .add(Pem.PUBLIC_KEY, verifyKey.publicKey(algorithm).getEncoded()));
        DurableFile.writeSecret(file, pem.toBytes());
    }

    public static SigningKey load(Path file) throws IOException {
        return load(file, Passphrase.none());
    }

    /// @param passphrase is asked only if the file is locked
    public static SigningKey load(Path file, Passphrase passphrase) throws IOException {
        String what = file.toString();
        byte[] pem = DurableFile.read(file, Pem.FILE_BYTES_MAX);
        List<byte[]> locked = Pem.blocks(what, pem, Pem.LOCKED_PRIVATE_KEY, der -> der);
        if (locked.isEmpty()) {
            return read(what, pem);
        }
        char[] secret = passphrase.of(file);
        List<byte[]> unlocked = new ArrayList<>();
        for (byte[] each : locked) {
            unlocked.add(LockedKey.unlock(what, each, secret));
        }
        return read(what, unlocked, Pem.blocks(what, pem, Pem.PUBLIC_KEY, SigningKey::publicKey));
    }

    /// Whether the file needs a passphrase.
    public static boolean isLocked(Path file) throws IOException {
        byte[] pem = DurableFile.read(file, Pem.FILE_BYTES_MAX);
        return !Pem.blocks(file.toString(), pem, Pem.LOCKED_PRIVATE_KEY, der -> der)
                .isEmpty();
    }

    Pem write(Pem pem) {
        privateKeys.forEach((algorithm, key) -> pem.add(Pem.PRIVATE_KEY, key.getEncoded())
                .add(Pem.PUBLIC_KEY, verifyKey.publicKey(algorithm).getEncoded()));
        return pem;
    }

    static SigningKey read(String what, byte[] pem) throws Corrupt {
        return read(
                what,
                Pem.blocks(what, pem, Pem.PRIVATE_KEY, der -> der),
                Pem.blocks(what, pem, Pem.PUBLIC_KEY, SigningKey::publicKey));
    }

    private static SigningKey read(String what, List<byte[]> privateBlocks, List<PublicKey> publicBlocks)
            throws Corrupt {
        if (privateBlocks.isEmpty() || privateBlocks.size() != publicBlocks.size()) {
            throw new Corrupt(what + ": expected private keys and their public keys, found " + privateBlocks.size()
                    + " and " + publicBlocks.size());
        }
        Map<Algorithm, PrivateKey> privateKeys = new EnumMap<>(Algorithm.class);
        SortedMap<Algorithm, PublicKey> publicKeys = new TreeMap<>();
        for (int i = 0; i < publicBlocks.size(); i++) {
            Algorithm algorithm = algorithmOf(publicBlocks.get(i));
            publicKeys.put(algorithm, publicBlocks.get(i));
            privateKeys.put(algorithm, privateKey(what, algorithm, privateBlocks.get(i)));
        }
        SigningKey key = new SigningKey(privateKeys, new VerifyKey(publicKeys));
        byte[] probe = {1};
        if (!key.sign(probe).stream().allMatch(s -> key.verifyKey.verifies(s, probe))) {
            throw new Corrupt(what + ": expected a key pair, found keys that do not belong together");
        }
        return key;
    }

    PrivateKey privateKey(Algorithm algorithm) {
        PrivateKey key = privateKeys.get(algorithm);
        if (key == null) {
            throw new IllegalArgumentException(this + " has no key for " + algorithm);
        }
        return key;
    }

    private static PrivateKey privateKey(String what, Algorithm algorithm, byte[] pkcs8) throws Corrupt {
        try {
            PrivateKey key = algorithm.keyFactory().generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            algorithm.signature().initSign(key); // Refuses a number that is out of range.
            return key;
        } catch (GeneralSecurityException e) {
            throw new Corrupt(what + ": expected a private key for " + algorithm + ", found other bytes", e);
        }
    }

    static PublicKey publicKey(byte[] x509) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.hasShape(x509)) {
                return algorithm.publicKey(x509);
            }
        }
        throw new IllegalArgumentException("not a public key of a known algorithm");
    }

    static Algorithm algorithmOf(PublicKey key) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.fits(key)) {
                return algorithm;
            }
        }
        throw new IllegalStateException("checked when it was read");
    }

    /// The public half only.
    @Override
    public String toString() {
        return id + " " + verifyKey.algorithms();
    }
}
