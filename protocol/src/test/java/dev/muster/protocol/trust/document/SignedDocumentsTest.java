package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.Signature;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever is done to the bytes of a signed document of any type: it is refused with a reason, and nothing is believed
/// that was not before.
final class SignedDocumentsTest {
    private static final int SPARSE = 97;

    @Test
    void everyByteOfEveryDocumentMatters() throws Refused {
        Trial trial = Trial.plain();
        for (Envelope document : documents(trial)) {
            assertEveryByteMatters(trial, document, 1);
        }
    }

    @Test
    void someBytesOfEveryDocumentWithAllAlgorithmsMatter() throws Refused {
        Trial trial = Trial.hybrid();
        for (Envelope document : documents(trial)) {
            assertEveryByteMatters(trial, document, SPARSE);
        }
    }

    @Test
    @Tag("long")
    void everyByteOfEveryDocumentWithAllAlgorithmsMatters() throws Refused {
        Trial trial = Trial.hybrid();
        for (Envelope document : documents(trial)) {
            assertEveryByteMatters(trial, document, 1);
        }
    }

    @Test
    void aDocumentEndsWhereItSays() throws Refused {
        Trial trial = Trial.plain();
        for (Envelope document : documents(trial)) {
            byte[] good = document.encode();
            for (int length = 0; length < good.length; length++) {
                assertNotRead(Arrays.copyOf(good, length));
            }
            for (int more = 1; more <= 64; more++) {
                assertNotRead(Arrays.copyOf(good, good.length + more));
            }
        }
    }

    @Test
    void aSignatureThatIsDroppedDoubledOrMovedIsMissed() throws Refused {
        Trial trial = Trial.hybrid();
        for (Envelope document : documents(trial)) {
            List<Signature> all = document.signatures();
            trial.assertRefused(Attack.ArbitraryInstallation.class, Tampering.with(document, List.of()));
            for (int i = 0; i < all.size(); i++) {
                List<Signature> without = new ArrayList<>(all);
                Signature one = without.remove(i);
                assertInstanceOf(Attack.AlgorithmDowngrade.class, trial.refused(Tampering.with(document, without)));
                List<Signature> doubled = new ArrayList<>(all);
                doubled.add(i, one);
                assertNotRead(Tampering.bytes(document, doubled));
                List<Signature> moved = new ArrayList<>(all);
                Collections.swap(moved, i, (i + 1) % all.size());
                assertNotRead(Tampering.bytes(document, moved));
            }
        }
    }

    @Test
    void aSignatureUnderAnotherAlgorithmsOrKeysNameIsRefused() throws Refused {
        Trial trial = Trial.hybrid();
        for (Envelope document : documents(trial)) {
            for (Signature one : document.signatures()) {
                List<Signature> others = new ArrayList<>(document.signatures());
                others.remove(one);
                for (Algorithm algorithm : Algorithm.values()) {
                    if (algorithm != one.algorithm()) {
                        List<Signature> renamed = new ArrayList<>(others);
                        renamed.removeIf(each -> each.key().equals(one.key()) && each.algorithm() == algorithm);
                        renamed.add(new Signature(one.key(), algorithm, one.bytes()));
                        assertInstanceOf(
                                Attack.ArbitraryInstallation.class,
                                trial.refused(Tampering.with(document, renamed)),
                                algorithm.toString());
                    }
                }
                List<Signature> strangers = new ArrayList<>(others);
                strangers.add(new Signature(trial.key().id(), one.algorithm(), one.bytes()));
                assertInstanceOf(Attack.AlgorithmDowngrade.class, trial.refused(Tampering.with(document, strangers)));
            }
        }
    }

    @Test
    void aSignatureOfOneTypeIsNoneOfAnother() throws Refused {
        Trial trial = Trial.plain();
        List<Envelope> documents = documents(trial);
        for (Envelope document : documents) {
            for (Type other : Type.values()) {
                if (other != document.type()) {
                    byte[] bytes = document.encode();
                    bytes[9] = (byte) other.code();
                    assertInstanceOf(Beliefs.Verdict.Refusal.class, trial.judge(Envelope.decode(bytes)));
                }
            }
        }
    }

    @Test
    void aHostReportIsNothingThatAHostBelieves() throws Refused {
        Trial trial = Trial.plain();
        SigningKey host = SigningKey.generate(SigningKey.TLS);
        Envelope report = new HostReport(
                        new HostReport.Origin("h1", 1, "b", 1),
                        HostReport.State.READY,
                        new HostReport.Place("", "a"),
                        new HostReport.Images(new TreeMap<>(), new TreeMap<>(), HostReport.Stock.none()),
                        new TreeMap<>(),
                        HostReport.Effort.none())
                .sign(host);

        trial.assertRefused(Attack.Malleability.class, report);
        byte[] good = report.encode();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << (i % 8));
            assertThrows(
                    Refused.class, () -> HostReport.verify(Envelope.decode(bad), "h1", host.verifyKey()), "byte " + i);
        }
    }

    /// One of each type that the host would believe.
    private static List<Envelope> documents(Trial trial) {
        Revocations list = trial.list(1)
                .withRelease(Hash.of(new byte[] {1}), Trial.NOW)
                .withFloor("web", 3, Trial.NOW)
                .withMember(Subject.Role.HOST, "h1", Trial.NOW);
        return List.of(
                trial.release("web", "1", 1),
                trial.pin(trial.director, 1, Hash.of(new byte[] {1})),
                list.sign(trial.releaseKeys),
                trial.freshness(trial.director, 1, Trial.NOW),
                trial.nextRoot().sign());
    }

    private static void assertEveryByteMatters(Trial trial, Envelope document, int step) {
        assertInstanceOf(Beliefs.Verdict.Believed.class, trial.judge(document));
        Numbers numbers = trial.beliefs.numbers();
        byte[] good = document.encode();
        for (int i = 0; i < good.length; i += step) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << (i % 8));
            assertEquals(false, isBelieved(trial, bad), document.type() + ", byte " + i);
        }
        assertEquals(numbers, trial.beliefs.numbers());
    }

    private static boolean isBelieved(Trial trial, byte[] bytes) {
        try {
            return switch (trial.judge(Envelope.decode(bytes))) {
                case Beliefs.Verdict.Refusal(Attack _, Reason _, var next) -> next.isPresent();
                case Beliefs.Verdict.Known() -> true;
                case Beliefs.Verdict.Believed(Beliefs _) -> true;
            };
        } catch (Refused e) {
            return false;
        }
    }

    private static void assertNotRead(byte[] bytes) {
        assertEquals(
                Reason.MALFORMED,
                assertThrows(Refused.class, () -> Envelope.decode(bytes)).reason());
    }
}
