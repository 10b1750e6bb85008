package dev.muster.protocol.trust.document;

import static dev.muster.protocol.trust.document.Trial.DAY;
import static dev.muster.protocol.trust.document.Trial.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the conformance suite of The Update Framework (github.com/theupdateframework/tuf-conformance) asks of a client,
/// asked of ours. Each test has the name of the one that it stands for; a timestamp is our freshness, a snapshot our
/// revocation list, targets our pins and releases. What has no counterpart stands in `ops/docs/ATTACKS.md`.
final class TufConformanceTest {
    private final Trial trial = trial();

    @Test
    void basicInitAndRefresh() {
        trial.believe(
                trial.freshness(trial.director, 1, NOW),
                trial.list(1).sign(trial.releaseKeys),
                trial.release("web", "1", 1));

        assertEquals(4, trial.beliefs.hashes().size());
    }

    @Test
    void timestampEqualVersionsCheck() {
        Envelope freshness = trial.freshness(trial.director, 1, NOW);
        trial.believe(freshness);

        assertInstanceOf(Beliefs.Verdict.Known.class, trial.judge(freshness));
    }

    @Test
    void metadataBytesMatch() throws Refused {
        Envelope list = trial.list(1).sign(trial.releaseKeys);
        trial.believe(Envelope.decode(list.encode()));

        assertEquals(
                list.hash(), trial.beliefs.document(list.hash()).orElseThrow().hash());
        assertEquals(
                Hash.of(list.encode()),
                Hash.of(trial.beliefs.document(list.hash()).orElseThrow().encode()));
    }

    @Test
    void customFields() {
        byte[] payload = trial.list(1).encode();
        byte[] more = Arrays.copyOf(payload, payload.length + 1);

        trial.assertRefused(Attack.Malleability.class, Envelope.sign(Type.REVOCATIONS, more, trial.releaseKeys));
    }

    @Test
    void maxRootRotations() throws Refused {
        RootChain chain = trial.beliefs.roots();
        for (int number = 2; number <= RootChain.ROOTS_MAX; number++) {
            chain = chain.step(trial.new RootDraft().number(number).sign());
        }
        RootChain full = chain;

        Envelope oneMore = trial.new RootDraft().number(RootChain.ROOTS_MAX + 1).sign();

        assertThrows(Refused.class, () -> full.step(oneMore));
    }

    @Test
    void incorrectMetadataType() throws Refused {
        byte[] bytes = trial.list(1).sign(trial.releaseKeys).encode();
        bytes[9] = (byte) Type.RELEASE.code();

        trial.assertRefused(Attack.ArbitraryInstallation.class, Envelope.decode(bytes));
    }

    @Test
    void newTargetsHashMismatch() {
        Envelope pinned = trial.release("web", "1", 1);
        Envelope other = trial.release("web", "1", 2);
        trial.believe(trial.pin(trial.director, 1, pinned.hash()), other);

        assertEquals(Map.of("web", pinned.hash()), trial.duties().missing());
        assertEquals(Map.of(), trial.duties().run());
    }

    @Test
    void rootExpired() {
        trial.clock = NOW + 3650 * DAY;

        trial.believe(trial.nextRoot().sign()); // A root is good until the next: the worst day may come late.
    }

    @Test
    void timestampExpired() {
        trial.believe(trial.freshness(trial.director, 1, NOW));
        trial.clock = NOW + 5 * DAY;

        trial.believe(trial.freshness(trial.director, 2, NOW + DAY));

        assertTrue(trial.beliefs.alarms(trial.clock).getFirst().startsWith("stale"));
    }

    @Test
    void targetsExpired() {
        Envelope old = trial.pin(trial.director, 1, Hash.of(new byte[1]), NOW - 31 * DAY);

        trial.assertRefused(Attack.Freeze.class, old);
    }

    @Test
    void expiredMetadata() {
        Envelope release = trial.release("web", "1", 1);
        trial.believe(release, trial.freshness(trial.director, 1, NOW));
        trial.clock = NOW + 18 * DAY;

        trial.believe(trial.freshness(trial.director, 2, trial.clock), trial.pin(trial.director, 1, release.hash()));

        assertEquals(release.hash(), trial.runs());
        assertEquals(List.of(), trial.beliefs.alarms(trial.clock));
    }

    @Test
    void rootHasKeysButNotSnapshot() {
        SigningKey added = trial.key();
        trial.believe(trial.nextRoot()
                .role(KeyRole.RELEASE, 3, trial.releaseKeys.getFirst(), trial.releaseKeys.getLast(), added)
                .sign());

        trial.assertRefused(Attack.ArbitraryInstallation.class, trial.list(1).sign(trial.releaseKeys));
        trial.believe(trial.list(1).sign(trial.releaseKeys).signedBy(List.of(added)));
    }

    @Test
    void snapshotThreshold() {
        trial.assertRefused(
                Attack.ArbitraryInstallation.class, trial.list(1).sign(List.of(trial.releaseKeys.getFirst())));
        assertThrows(IllegalArgumentException.class, () -> Trial.signers(3, trial.director, trial.recovery));
    }

    @Test
    void duplicateKeysRoot() {
        SigningKey whole = SigningKey.generate(SigningKey.HYBRID);
        var part = new TreeMap<Algorithm, PublicKey>(
                Map.of(Algorithm.ED25519, whole.verifyKey().publicKey(Algorithm.ED25519)));
        Signers doubled = Signers.of(2, List.of(whole.verifyKey(), new VerifyKey(part)));
        Map<KeyRole, Signers> roles = new TreeMap<>(trial.root.roles());
        roles.put(KeyRole.RELEASE, doubled);

        assertThrows(
                IllegalArgumentException.class,
                () -> new Root("lab", 2, NOW, Set.of(Algorithm.ED25519), roles, trial.root.terms()));
    }

    @Test
    void duplicateSignatureKeyIds() {
        Envelope one = trial.list(1).sign(List.of(trial.releaseKeys.getFirst()));
        var signature = one.signatures().getFirst();

        assertThrows(Refused.class, () -> Envelope.decode(Tampering.bytes(one, List.of(signature, signature))));
        trial.assertRefused(Attack.ArbitraryInstallation.class, one.signedBy(List.of(trial.releaseKeys.getFirst())));
    }

    @Test
    void unusualRoleName() {
        for (String name : List.of("../web", "we/b", "web%2f", "?", "#", "", "..", "Web", "w b", "web\u0000", "wéb")) {
            assertThrows(IllegalArgumentException.class, () -> new Release.Name(name, "1"), name);
            assertThrows(IllegalArgumentException.class, () -> new Release.Name("web", name), name);
            assertThrows(IllegalArgumentException.class, () -> trial.list(1).withFloor(name, 1, NOW), name);
        }
    }

    @Test
    void simpleSnapshotRollback() {
        Envelope old = trial.list(1).sign(trial.releaseKeys);
        trial.believe(trial.list(2).sign(trial.releaseKeys));

        trial.assertRefused(Attack.Rollback.class, old);
    }

    @Test
    void newTimestampVersionRollback() {
        trial.believe(trial.freshness(trial.director, 2, NOW));

        trial.assertRefused(Attack.Rollback.class, trial.freshness(trial.director, 1, NOW + 1));
    }

    @Test
    void snapshotRollback() {
        Envelope old = trial.list(1).sign(trial.releaseKeys);
        trial.believe(trial.list(2).sign(trial.releaseKeys), trial.freshness(trial.director, 1, NOW));

        trial.assertRefused(Attack.Rollback.class, old);
        assertEquals(2, trial.beliefs.inForce().number());
    }

    @Test
    void targetsRollback() {
        Envelope release = trial.release("web", "1", 1);
        trial.believe(release, trial.pin(trial.director, 2, release.hash()));

        trial.assertRefused(Attack.Rollback.class, trial.pin(trial.director, 1, Hash.of(new byte[1])));
    }

    @Test
    void newTimestampFastForwardRecovery() {
        SigningKey fresh = trial.key();
        trial.believe(trial.freshness(trial.director, Long.MAX_VALUE, NOW));

        trial.believe(trial.nextRoot().role(KeyRole.FRESHNESS, 1, fresh).sign());

        trial.believe(trial.freshness(fresh, 1, NOW));
    }

    @Test
    void newSnapshotFastForwardRecovery() {
        SigningKey fresh = trial.key();
        trial.believe(trial.list(Long.MAX_VALUE).sign(trial.releaseKeys));

        trial.believe(
                trial.nextRoot().role(KeyRole.RELEASE, 1, fresh).sign(),
                trial.list(1).sign(List.of(fresh)));

        assertEquals(1, trial.beliefs.inForce().number());
    }

    @Test
    void newTargetsFastForwardRecovery() {
        Envelope release = trial.release("web", "1", 1);
        trial.believe(trial.pin(trial.otherDirector, Long.MAX_VALUE, Hash.of(new byte[1])));

        trial.believe(
                trial.nextRoot().role(KeyRole.DIRECTOR, 1, trial.director).sign(),
                release,
                trial.pin(trial.director, 1, release.hash()));

        assertEquals(release.hash(), trial.runs());
    }

    @Test
    void newSnapshotVersionMismatch() {
        Freshness ahead = new Freshness(
                trial.director.id(),
                1,
                new Freshness.Span(NOW, NOW + DAY),
                new Freshness.Newest(1, 2, new TreeMap<>()));
        trial.believe(trial.list(1).sign(trial.releaseKeys), ahead.sign(List.of(trial.director)));

        assertTrue(trial.beliefs.alarms(NOW).getFirst().startsWith("behind"));
    }

    @Test
    void rootRotation() {
        SigningKey a = trial.key();
        SigningKey b = trial.key();
        List<SigningKey> all = new ArrayList<>(trial.rootKeys);
        all.addAll(List.of(a, b));
        Root next = trial.nextRoot().role(KeyRole.ROOT, 2, a, b).build();

        trial.assertRefused(Attack.ArbitraryInstallation.class, next.sign(trial.rootKeys));
        trial.assertRefused(Attack.ArbitraryInstallation.class, next.sign(List.of(a, b)));
        trial.assertRefused(Attack.ArbitraryInstallation.class, next.sign(List.of(a, b, trial.rootKeys.getFirst())));
        trial.believe(next.sign(List.of(a, b, trial.rootKeys.getFirst(), trial.rootKeys.getLast())));
        trial.assertRefused(
                Attack.ArbitraryInstallation.class, trial.nextRoot().build().sign(trial.rootKeys));
        trial.believe(trial.nextRoot().role(KeyRole.ROOT, 2, a, b).build().sign(all));
    }

    @Test
    void rootStepsByOne() {
        trial.assertRefused(
                Attack.FastForward.class, trial.new RootDraft().number(3).sign());
    }

    @Test
    void nonRootRotations() {
        for (KeyRole role : List.of(KeyRole.RELEASE, KeyRole.DIRECTOR, KeyRole.FRESHNESS)) {
            Trial fresh = trial();
            List<SigningKey> keys =
                    IntStream.range(0, 2).mapToObj(i -> fresh.key()).toList();
            fresh.believe(fresh.nextRoot()
                    .role(role, 2, keys.getFirst(), keys.getLast())
                    .sign());
            Envelope byOld;
            Envelope byNew;
            switch (role) {
                case RELEASE -> {
                    byOld = fresh.release("web", "1", 1);
                    byNew = FleetFixture.release("web", "1", 1).sign(keys);
                }
                case DIRECTOR -> {
                    byOld = fresh.pin(fresh.director, 1, Hash.of(new byte[1]));
                    byNew = fresh.pin(keys.getFirst(), 1, Hash.of(new byte[1])).signedBy(keys);
                }
                default -> {
                    byOld = fresh.freshness(fresh.director, 1, NOW);
                    byNew = fresh.freshness(keys.getFirst(), 1, NOW).signedBy(keys);
                }
            }
            fresh.assertRefused(Attack.ArbitraryInstallation.class, byOld);
            fresh.believe(byNew);
        }
    }

    private static Trial trial() {
        try {
            return Trial.plain();
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }
}
