package dev.muster.protocol.trust.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SigningKeyTest {
    private static final byte[] TEXT = "boot this".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @Test
    void aLockedKeyOpensWithItsPassphraseOnly() throws IOException {
        SigningKey key = SigningKey.generate(SigningKey.HYBRID);
        Path file = directory.resolve("locked.pem");
        key.save(file, "correct horse".toCharArray());

        assertTrue(SigningKey.isLocked(file));
        assertEquals(
                key.id(),
                SigningKey.load(file, asked -> "correct horse".toCharArray()).id());
        assertThrows(BadConfiguration.class, () -> SigningKey.load(file));
        assertThrows(BadConfiguration.class, () -> SigningKey.load(file, asked -> "wrong".toCharArray()));
        assertEquals(key.verifyKey(), VerifyKey.load(file));
        assertFalse(Files.readString(file).contains("BEGIN PRIVATE KEY"));
    }

    @Test
    void otherProgramsOpenALockedKey() throws Exception {
        SigningKey key = SigningKey.generate(Set.of(Algorithm.ED25519));
        Path file = directory.resolve("locked.pem");
        key.save(file, "correct horse".toCharArray());

        try (PEMParser pem = new PEMParser(Files.newBufferedReader(file))) {
            PKCS8EncryptedPrivateKeyInfo locked = (PKCS8EncryptedPrivateKeyInfo) pem.readObject();
            var opened = locked.decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build("correct horse".toCharArray()));
            assertArrayEquals(key.privateKey(Algorithm.ED25519).getEncoded(), opened.getEncoded());
        }
    }

    @Test
    void publicHalvesTravelAlone() throws IOException {
        SigningKey key = SigningKey.generate(SigningKey.HYBRID);
        key.verifyKey().save(directory.resolve("key.pub"));

        assertEquals(key.verifyKey(), VerifyKey.load(directory.resolve("key.pub")));
        assertThrows(Corrupt.class, () -> SigningKey.load(directory.resolve("key.pub")));
    }

    @Test
    void aKeySignsOnceByEachAlgorithmInOrder() {
        SigningKey key = SigningKey.generate(EnumSet.allOf(Algorithm.class));

        List<Signature> signatures = key.sign(TEXT);

        assertEquals(
                List.of(Algorithm.values()),
                signatures.stream().map(Signature::algorithm).toList());
        assertTrue(signatures.stream().allMatch(s -> key.verifyKey().verifies(s, TEXT)));
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureWithAnyBitTurnedIsWrong(Algorithm algorithm) {
        SigningKey key = SigningKey.generate(Set.of(algorithm));
        Signature good = key.sign(TEXT).getFirst();

        for (int i = 0; i < good.bytes().remaining(); i += algorithm == Algorithm.ML_DSA_65 ? 37 : 1) {
            byte[] bytes = good.toBytes();
            bytes[i] ^= (byte) (1 << (i % 8));
            Signature bad = new Signature(good.key(), algorithm, ByteBuffer.wrap(bytes));
            assertFalse(key.verifyKey().verifies(bad, TEXT), "byte " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureOfTheWrongLengthIsWrong(Algorithm algorithm) {
        SigningKey key = SigningKey.generate(Set.of(algorithm));
        ByteBuffer good = key.sign(TEXT).getFirst().bytes();

        ByteBuffer cut = good.slice(0, good.remaining() - 1);

        assertFalse(key.verifyKey().verifies(new Signature(key.id(), algorithm, cut), TEXT));
        assertFalse(key.verifyKey().verifies(new Signature(key.id(), algorithm, ByteBuffer.allocate(1)), TEXT));
        assertFalse(key.verifyKey().verifies(new Signature(key.id(), algorithm, ByteBuffer.allocate(8192)), TEXT));
    }

    @Test
    void aSavedKeyIsTheSameKeyAndOnlyItsOwnerCanReadIt() throws IOException {
        SigningKey key = SigningKey.generate(EnumSet.allOf(Algorithm.class));
        Path file = directory.resolve("release.pem");

        key.save(file);

        assertEquals(key.verifyKey(), SigningKey.load(file).verifyKey());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aFileWithThePrivateKeyOfAnotherSignerIsRefused() throws IOException {
        Path mine = directory.resolve("mine.pem");
        Path other = directory.resolve("other.pem");
        SigningKey.generate(Set.of(Algorithm.ED25519)).save(mine);
        SigningKey.generate(Set.of(Algorithm.ED25519)).save(other);
        String swapped = Files.readString(mine).replaceAll("(?s)-----BEGIN PUBLIC.*", "")
                + Files.readString(other).replaceAll("(?s)^.*-----BEGIN PUBLIC", "-----BEGIN PUBLIC");
        Files.writeString(mine, swapped);

        assertThrows(Corrupt.class, () -> SigningKey.load(mine));
    }

    @Test
    void aFileWithTextBetweenItsBlocksIsRefused() throws IOException {
        Path file = directory.resolve("mine.pem");
        SigningKey.generate(Set.of(Algorithm.ED25519)).save(file);
        Files.writeString(file, "note to self\n" + Files.readString(file));

        assertThrows(Corrupt.class, () -> SigningKey.load(file));
    }

    @Test
    void aKeyIsNeverPrinted() {
        SigningKey key = SigningKey.generate(SigningKey.HYBRID);

        assertEquals(key.id() + " [ED25519, ML_DSA_65]", key.toString());
    }

    @Test
    void theNameOfASignerIsTheHashOfItsPublicKeys() {
        VerifyKey key = SigningKey.generate(SigningKey.HYBRID).verifyKey();
        byte[] ed = key.publicKey(Algorithm.ED25519).getEncoded();
        byte[] ml = key.publicKey(Algorithm.ML_DSA_65).getEncoded();
        byte[] edHead = {1, 44, 0, 0, 0};
        byte[] mlHead = {2, (byte) 0xb6, 7, 0, 0};

        Hash expected = Hash.of("MK1".getBytes(StandardCharsets.US_ASCII), edHead, ed, mlHead, ml);

        assertEquals(new KeyId(expected), key.id());
    }

    @Test
    void aVerifyKeyIsReadAsItWasWritten() throws Corrupt {
        VerifyKey key = SigningKey.generate(EnumSet.allOf(Algorithm.class)).verifyKey();
        ByteWriter out = new ByteWriter();
        key.write(out);

        assertEquals(key, VerifyKey.read(ByteReader.of("key", out.toBytes())));
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ML_DSA_65"})
    void bouncyCastleVerifiesWhatWeSign(Algorithm algorithm) throws GeneralSecurityException {
        SigningKey key = SigningKey.generate(Set.of(algorithm));
        Provider other = new BouncyCastleProvider();
        var verifier = java.security.Signature.getInstance(name(algorithm), other);
        verifier.initVerify(KeyFactory.getInstance(name(algorithm), other)
                .generatePublic(new X509EncodedKeySpec(
                        key.verifyKey().publicKey(algorithm).getEncoded())));

        verifier.update(TEXT);

        assertTrue(verifier.verify(key.sign(TEXT).getFirst().toBytes()));
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ML_DSA_65"})
    void weVerifyWhatBouncyCastleSigns(Algorithm algorithm) throws GeneralSecurityException {
        Provider other = new BouncyCastleProvider();
        KeyPair pair = KeyPairGenerator.getInstance(name(algorithm), other).generateKeyPair();
        var signer = java.security.Signature.getInstance(name(algorithm), other);
        signer.initSign(pair.getPrivate());
        signer.update(TEXT);
        PublicKey key = algorithm.publicKey(pair.getPublic().getEncoded());
        VerifyKey ours = new VerifyKey(new TreeMap<>(Map.of(algorithm, key)));

        Signature signature = new Signature(ours.id(), algorithm, ByteBuffer.wrap(signer.sign()));

        assertTrue(ours.verifies(signature, TEXT));
    }

    private static String name(Algorithm algorithm) {
        return algorithm == Algorithm.ED25519 ? "Ed25519" : "ML-DSA-65";
    }

    @Test
    void aKeyUnderWhichSignaturesOfNobodyHoldIsRefused() throws Exception {
        byte[] x509 = HexFormat.of().parseHex("302a300506032b6570032100" + "0".repeat(64));
        PublicKey weak = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));

        assertThrows(
                IllegalArgumentException.class, () -> new VerifyKey(new TreeMap<>(Map.of(Algorithm.ED25519, weak))));
    }
}
