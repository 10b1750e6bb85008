package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.security.Provider;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/// A private key under a passphrase: an EncryptedPrivateKeyInfo of PKCS #8 (RFC 5958) by PBES2 (RFC 8018), with PBKDF2,
/// HMAC-SHA-256 and AES-256-CBC. Other programs open it: `openssl pkey -in FILE`.
final class LockedKey {
    /// OWASP's number for PBKDF2 with HMAC-SHA-256.
    private static final int ITERATIONS = 600_000;

    private LockedKey() {}

    static byte[] lock(byte[] pkcs8, char[] passphrase) {
        AlgorithmIdentifier prf = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
        try {
            OutputEncryptor encryptor = new JcePKCSPBEOutputEncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                    .setProvider(provider())
                    .setPRF(prf)
                    .setIterationCount(ITERATIONS)
                    .build(passphrase);
            return new PKCS8EncryptedPrivateKeyInfoBuilder(PrivateKeyInfo.getInstance(pkcs8))
                    .build(encryptor)
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("BouncyCastle has PBES2 with AES", e);
        }
    }

    /// @param what the file, for error messages
    static byte[] unlock(String what, byte[] locked, char[] passphrase) throws Corrupt, BadConfiguration {
        PKCS8EncryptedPrivateKeyInfo container;
        try {
            container = new PKCS8EncryptedPrivateKeyInfo(locked);
        } catch (IOException | IllegalArgumentException e) {
            throw new Corrupt(what + ": expected a locked private key, found other bytes", e);
        }
        try {
            return container
                    .decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
                            .setProvider(provider())
                            .build(passphrase))
                    .getEncoded();
        } catch (PKCSException | IOException _) {
            throw new BadConfiguration(what + ": expected its passphrase, found another");
        }
    }

    private static Provider provider() {
        return new BouncyCastleProvider();
    }
}
