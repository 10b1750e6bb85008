package dev.muster.protocol.trust.key;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.trust.key.Subject.Role;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.List;

/// Certificates and keys, as strangers show them and as files are carried.
final class KeyFuzzTest implements Fuzzed {
    private final FleetFixture fleet = new FleetFixture("test");
    private final SigningKey key = SigningKey.generate(SigningKey.TLS);

    @Override
    public List<Fuzzing> targets() throws Exception {
        byte[] chain = Certificates.encode(
                fleet.keys("h1", Role.HOST).newest().orElseThrow().chain());
        ByteWriter verifyKey = new ByteWriter();
        SigningKey.generate(SigningKey.HYBRID).verifyKey().write(verifyKey);
        return List.of(
                Fuzzing.of("certificates", List.of(chain), this::check),
                Fuzzing.of("certification-request", List.of(Request.of(key)), Request::verify),
                Fuzzing.of("verify-key", List.of(verifyKey.toBytes()), KeyFuzzTest::use)
                        .slow(),
                Fuzzing.of("key-file", List.of(key.write(new Pem()).toBytes()), bytes -> SigningKey.read("key", bytes))
                        .slow());
    }

    /// A key that can be read can be asked.
    private static void use(byte[] bytes) throws Corrupt {
        VerifyKey key = VerifyKey.read(ByteReader.of("key", bytes));
        for (Algorithm algorithm : key.algorithms()) {
            Signature signature = new Signature(key.id(), algorithm, ByteBuffer.wrap(new byte[64]));
            assertFalse(key.verifies(signature, bytes));
        }
    }

    private void check(byte[] chain) throws Corrupt {
        try {
            Subject _ = fleet.trust().check(Certificates.decode(chain));
        } catch (CertificateException e) {
            throw new Corrupt("refused", e);
        }
    }
}
