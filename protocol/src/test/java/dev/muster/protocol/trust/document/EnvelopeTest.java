package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.Signature;
import dev.muster.protocol.trust.key.SigningKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class EnvelopeTest {
    private final FleetFixture fleet = FleetFixture.hybrid();

    @Test
    void anyByteTurnedInAReleaseIsRefused() throws Refused {
        FleetFixture plain = FleetFixture.plain();
        byte[] good = FleetFixture.release("web", "1", 1)
                .sign(List.of(plain.releaseKey))
                .encode();

        assertEveryByteMatters(good, bytes -> Release.verify(Envelope.decode(bytes), plain.root));
    }

    @Test
    void anyByteTurnedInAPinIsRefused() throws Refused {
        byte[] good = fleet.pin(fleet.director, 1)
                .label("rack", "a")
                .sign()
                .envelope()
                .encode();

        assertEveryByteMatters(good, bytes -> Pin.verify(Envelope.decode(bytes), fleet.root));
    }

    @Test
    void anyByteTurnedInARootIsRefused() throws Refused {
        FleetFixture plain = FleetFixture.plain();
        Envelope envelope = plain.root.sign(List.of(plain.rootKey));

        assertEveryByteMatters(
                envelope.encode(), bytes -> RootChain.of(envelope.hash(), List.of(Envelope.decode(bytes))));
    }

    @Test
    void aDocumentEndsWhereItSays() throws Refused {
        byte[] good = FleetFixture.release("web", "1", 1)
                .sign(List.of(fleet.releaseKey))
                .encode();

        assertRefused(Reason.MALFORMED, () -> Envelope.decode(Arrays.copyOf(good, good.length + 1)));
        for (int length = 0; length < good.length; length += 13) {
            byte[] cut = Arrays.copyOf(good, length);
            assertRefused(Reason.MALFORMED, () -> Envelope.decode(cut));
        }
        assertArrayEquals(good, Envelope.decode(good).encode());
    }

    @Test
    void aKeyOfAnotherRoleDoesNotCount() {
        Envelope byDirector = FleetFixture.release("web", "1", 1).sign(List.of(fleet.director));

        assertRefused(Reason.NOT_SIGNED, () -> Release.verify(byDirector, fleet.root));
    }

    @Test
    void anUnsignedDocumentIsRefused() {
        Envelope unsigned = FleetFixture.release("web", "1", 1).sign(List.of());

        assertRefused(Reason.NOT_SIGNED, () -> Release.verify(unsigned, fleet.root));
    }

    @Test
    void aSignatureWithoutOneOfTheRequiredAlgorithmsDoesNotCount() throws Refused {
        Envelope whole = FleetFixture.release("web", "1", 1).sign(List.of(fleet.releaseKey));

        for (Signature half : whole.signatures()) {
            Envelope stripped = with(whole, List.of(half));
            assertRefused(Reason.WEAKENED, () -> Release.verify(stripped, fleet.root));
        }
    }

    @Test
    void aGoodSignatureUnderAnotherAlgorithmsNameIsRefused() throws Refused {
        Envelope whole = FleetFixture.release("web", "1", 1).sign(List.of(fleet.releaseKey));
        Signature ed = whole.signatures().get(0);
        Signature ml = whole.signatures().get(1);
        Envelope swapped = with(
                whole,
                List.of(
                        new Signature(ed.key(), Algorithm.ED25519, ml.bytes()),
                        new Signature(ed.key(), Algorithm.ML_DSA_65, ed.bytes())));

        assertRefused(Reason.BAD_SIGNATURE, () -> Release.verify(swapped, fleet.root));
    }

    @Test
    void aBadSignatureByAKnownKeyRefusesADocumentThatOthersSigned() throws Refused {
        SigningKey second = SigningKey.generate(SigningKey.HYBRID);
        Root root = rootWithReleaseKeys(1, List.of(fleet.releaseKey, second));
        Envelope good = FleetFixture.release("web", "1", 1).sign(List.of(fleet.releaseKey));
        Envelope other = FleetFixture.release("web", "2", 2).sign(List.of(second));
        List<Signature> mixed = new ArrayList<>(good.signatures());
        mixed.addAll(other.signatures());

        assertRefused(Reason.BAD_SIGNATURE, () -> Release.verify(with(good, mixed), root));
    }

    @Test
    void aStrangersSignatureIsIgnored() throws Refused {
        SigningKey stranger = SigningKey.generate(SigningKey.HYBRID);
        Envelope both = FleetFixture.release("web", "1", 1).sign(List.of(fleet.releaseKey, stranger));

        assertEquals(
                Set.of(fleet.releaseKey.id()), Release.verify(both, fleet.root).signers());
    }

    @Test
    void thresholdsCountKeysOnce() throws Refused {
        SigningKey second = SigningKey.generate(SigningKey.HYBRID);
        Root root = rootWithReleaseKeys(2, List.of(fleet.releaseKey, second));
        Release release = FleetFixture.release("web", "1", 1);
        Envelope one = release.sign(List.of(fleet.releaseKey));
        Envelope twice = one.signedBy(List.of(fleet.releaseKey));
        Envelope merged = one.merge(release.sign(List.of(second)));

        assertRefused(Reason.NOT_SIGNED, () -> Release.verify(one, root));
        assertRefused(Reason.NOT_SIGNED, () -> Release.verify(twice, root));
        assertEquals(2, Release.verify(merged, root).signers().size());
    }

    @Test
    void theNameOfADocumentDoesNotDependOnItsSignatures() throws Refused {
        Release release = FleetFixture.release("web", "1", 1);

        Envelope unsigned = release.sign(List.of());
        Envelope signed = release.sign(List.of(fleet.releaseKey));

        assertEquals(unsigned.hash(), signed.hash());
        assertRefused(
                Reason.WRONG_HASH,
                () -> signed.merge(FleetFixture.release("web", "2", 2).sign(List.of(fleet.releaseKey))));
    }

    @Test
    void aDocumentOfOneTypeIsNoneOfAnother() throws Refused {
        Envelope pin = fleet.pin(fleet.director, 1).sign().envelope();
        byte[] bytes = pin.encode();
        bytes["MSTRDOC".length() + 2] = 2;

        assertRefused(Reason.NOT_SIGNED, () -> Release.verify(pin, fleet.root));
        assertRefused(Reason.NOT_SIGNED, () -> Release.verify(Envelope.decode(bytes), fleet.root));
    }

    @Test
    void aPinThatItsOwnDirectorDidNotSignIsRefused() {
        Pin pin = fleet.pin(fleet.director, 1).draft();

        assertRefused(Reason.NOT_SIGNED, () -> Pin.verify(pin.sign(List.of(fleet.otherDirector)), fleet.root));
    }

    @Test
    void signaturesOutOfOrderOrTwiceAreRefused() {
        byte[] good = FleetFixture.release("web", "1", 1)
                .sign(List.of(fleet.releaseKey))
                .encode();
        Envelope envelope = assertDecodes(good);
        int tail = envelope.signatures().stream()
                .mapToInt(s -> 35 + s.bytes().remaining())
                .sum();
        int edBytes = 35 + 64;
        ByteBuffer swapped = ByteBuffer.allocate(good.length);
        swapped.put(good, 0, good.length - tail)
                .put(good, good.length - tail + edBytes, tail - edBytes)
                .put(good, good.length - tail, edBytes);
        ByteBuffer doubled = ByteBuffer.allocate(good.length + edBytes);
        doubled.put(good, 0, good.length - tail)
                .put(good, good.length - tail, edBytes)
                .put(good, good.length - tail, tail);
        doubled.put(good.length - tail - 1, (byte) 3);

        assertRefused(Reason.MALFORMED, () -> Envelope.decode(swapped.array()));
        assertRefused(Reason.MALFORMED, () -> Envelope.decode(doubled.array()));
    }

    private interface Check {
        void check(byte[] bytes) throws Refused;
    }

    private static void assertEveryByteMatters(byte[] good, Check check) throws Refused {
        check.check(good);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << (i % 8));
            assertThrows(Refused.class, () -> check.check(bad), "byte " + i);
        }
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(Refused.class, call).reason());
    }

    private static Envelope assertDecodes(byte[] bytes) {
        try {
            return Envelope.decode(bytes);
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }

    /// The same payload with exactly these signatures, as an attacker would write it.
    private static Envelope with(Envelope envelope, List<Signature> signatures) throws Refused {
        byte[] bytes = envelope.encode();
        int tail = envelope.signatures().stream()
                .mapToInt(s -> 35 + s.bytes().remaining())
                .sum();
        List<Signature> sorted =
                Stream.of(signatures).flatMap(List::stream).sorted().toList();
        ByteBuffer out = ByteBuffer.allocate(Envelope.BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes, 0, bytes.length - tail - 1).put((byte) sorted.size());
        for (Signature signature : sorted) {
            out.put(signature.key().hash().toBytes())
                    .put((byte) signature.algorithm().code())
                    .putShort((short) signature.bytes().remaining())
                    .put(signature.bytes());
        }
        return Envelope.decode(Arrays.copyOf(out.array(), out.position()));
    }

    private Root rootWithReleaseKeys(int threshold, List<SigningKey> keys) {
        Map<KeyRole, Signers> roles = new EnumMap<>(fleet.root.roles());
        roles.put(
                KeyRole.RELEASE,
                Signers.of(threshold, keys.stream().map(SigningKey::verifyKey).toList()));
        return new Root("lab", 1, 0, fleet.root.required(), roles, fleet.root.terms());
    }
}
