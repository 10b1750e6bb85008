package dev.muster.protocol.trust.document;

import static dev.muster.protocol.trust.document.Trial.DAY;
import static dev.muster.protocol.trust.document.Trial.HOUR;
import static dev.muster.protocol.trust.document.Trial.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The attacks on documents, each under its number in `ops/docs/ATTACKS.md`.
final class AttacksTest {
    private static final long YEAR_2040 = 2_208_988_800_000L;

    private final Trial trial = trial();
    private final Envelope one = trial.release("web", "1", 1);
    private final Envelope two = trial.release("web", "2", 2);

    @Test
    void a01NothingIsInstalledThatTheReleaseKeysDidNotSign() {
        Release forged = FleetFixture.release("web", "3", 3);

        trial.assertRefused(Attack.ArbitraryInstallation.class, forged.sign(List.of()));
        trial.assertRefused(Attack.ArbitraryInstallation.class, forged.sign(List.of(trial.director, trial.recovery)));
        trial.assertRefused(Attack.ArbitraryInstallation.class, forged.sign(List.of(trial.key(), trial.key())));

        trial.believe(trial.pin(trial.director, 1, forged.sign(List.of()).hash()));
        assertEquals(Map.of(), trial.duties().run());
        assertEquals(Set.of("web"), trial.duties().missing().keySet());
    }

    @Test
    void a03WhatWasSupersededIsNotBelievedAgainAtAnyTimeAndAfterAnyRestart() throws Refused {
        Envelope oldPin = trial.pin(trial.director, 1, one.hash());
        Envelope oldList = trial.list(1).sign(trial.releaseKeys);
        Envelope oldFreshness = trial.freshness(trial.director, 1, NOW);
        Envelope newPin = trial.pin(trial.director, 2, two.hash());
        trial.believe(one, two, newPin, trial.list(2).sign(trial.releaseKeys), trial.freshness(trial.director, 2, NOW));
        Envelope oldRoot = other(trial.root);
        trial.believe(trial.nextRoot().sign());

        for (long clock : new long[] {NOW, 0, YEAR_2040}) {
            trial.clock = clock;
            trial.restart();
            assertNotEquals(Beliefs.Verdict.Believed.class, trial.judge(oldPin).getClass());
            trial.assertRefused(Attack.Rollback.class, oldList);
            trial.assertRefused(Attack.Rollback.class, oldFreshness);
            trial.assertRefused(Attack.Rollback.class, oldRoot);
            assertEquals(two.hash(), trial.runs());
        }
    }

    @Test
    void a03GoingBackIsANewPinAndWorksAtOnceAtAnyTime() {
        trial.believe(one, two, trial.pin(trial.director, 1, one.hash()), trial.pin(trial.director, 2, two.hash()));
        long number = 3;
        for (long clock : new long[] {NOW, 0, YEAR_2040}) {
            trial.clock = clock;
            Hash target = number % 2 == 1 ? one.hash() : two.hash();
            trial.believe(trial.pin(trial.director, number++, target, Math.max(clock, NOW)));
            trial.restart();
            assertEquals(target, trial.runs());
        }
    }

    @Test
    void a04WhoIsCutOffSaysSoAndKeepsToWhatIsPinned() {
        trial.believe(one, two, trial.pin(trial.director, 1, one.hash()), trial.freshness(trial.director, 1, NOW));
        assertEquals(List.of(), trial.beliefs.alarms(NOW + HOUR));

        trial.clock = NOW + 2 * DAY;

        assertTrue(trial.beliefs.alarms(trial.clock).getFirst().startsWith("stale"));
        assertEquals(one.hash(), trial.runs());
        trial.assertRefused(Attack.Freeze.class, trial.pin(trial.director, 2, two.hash()));
        trial.assertRefused(Attack.Freeze.class, trial.pin(trial.otherDirector, 2, two.hash()));
    }

    @Test
    void a04WhatIsNewCountsAsSoonAsSomebodySaysThatItIs() {
        trial.believe(one, two, trial.pin(trial.director, 1, one.hash()), trial.freshness(trial.director, 1, NOW));
        trial.clock = NOW + 2 * DAY;
        Envelope held = trial.pin(trial.director, 2, two.hash());
        trial.assertRefused(Attack.Freeze.class, held);

        trial.believe(trial.freshness(trial.otherDirector, 1, trial.clock), held);

        assertEquals(two.hash(), trial.runs());
    }

    @Test
    void a04WhatWasPinnedBeforeTheSilenceStillReachesWhoWasAway() {
        Envelope before = trial.pin(trial.director, 2, two.hash(), NOW + HOUR);
        trial.believe(one, two, trial.freshness(trial.director, 1, NOW));
        trial.clock = NOW + 9 * DAY;

        trial.believe(before);

        assertEquals(two.hash(), trial.runs());
    }

    @Test
    void a04TheOfflineDirectorNeedsNobodyElse() {
        trial.believe(one, two, trial.pin(trial.director, 1, one.hash()), trial.freshness(trial.director, 1, NOW));
        trial.clock = NOW + 9 * DAY;

        trial.believe(trial.pin(trial.recovery, 2, two.hash()));

        assertEquals(two.hash(), trial.runs());
    }

    @Test
    void a05AStolenKeysHighestNumberGoesWithTheKey() throws Refused {
        trial.believe(
                one,
                two,
                trial.pin(trial.director, 5, two.hash()),
                trial.pin(trial.otherDirector, Long.MAX_VALUE, one.hash()),
                trial.freshness(trial.otherDirector, Long.MAX_VALUE, NOW + 6 * DAY));
        assertEquals(one.hash(), trial.runs());

        trial.believe(trial.nextRoot()
                .role(KeyRole.DIRECTOR, 1, trial.director, trial.recovery)
                .role(KeyRole.FRESHNESS, 1, trial.director)
                .sign());
        trial.restart();

        assertEquals(NOW, trial.beliefs.now(NOW), "time does not stay where the stolen key put it");
        trial.believe(trial.pin(trial.director, 5, two.hash()));
        assertEquals(two.hash(), trial.runs(), "what the stolen key superseded counts again");
        trial.believe(trial.pin(trial.director, 6, one.hash()));
        assertEquals(one.hash(), trial.runs());
    }

    @Test
    void a05AListOfStolenReleaseKeysHoldsUntilAnotherTakesItsPlace() throws Refused {
        Revocations everything = trial.list(Long.MAX_VALUE - 1).withFloor("web", 1000, NOW);
        trial.believe(one, trial.pin(trial.director, 1, one.hash()), everything.sign(trial.releaseKeys));
        assertInstanceOf(Attack.RevokedSoftware.class, trial.duties().refused().get("web"));

        SigningKey fresh = trial.key();
        trial.believe(trial.nextRoot().role(KeyRole.RELEASE, 1, fresh).sign());
        trial.restart();
        Envelope again = FleetFixture.release("web", "1", 1).sign(List.of(fresh));
        trial.believe(again);
        assertInstanceOf(Attack.RevokedSoftware.class, trial.duties().refused().get("web"));

        trial.believe(trial.list(1).sign(List.of(fresh)));
        assertEquals(again.hash(), trial.runs());
    }

    @Test
    void a06ARecordOfAnotherNameIsNotTakenForIt() {
        Envelope database = trial.release("db", "1", 1);

        trial.believe(database, trial.pin(trial.director, 1, database.hash()));

        assertInstanceOf(Attack.MixAndMatch.class, trial.duties().refused().get("web"));
        assertEquals(Map.of(), trial.duties().run());
    }

    @Test
    void a09WhatWasMadeForOthersIsNotRun() {
        Release plain = FleetFixture.release("web", "1", 1);
        Release forRouters = new Release(
                plain.name(), 1, new Release.Fit("router", "arm64"), NOW, plain.artifacts(), plain.extras());
        Envelope signed = forRouters.sign(trial.releaseKeys);
        trial.believe(signed, trial.pin(trial.director, 1, signed.hash()));

        for (Release.Fit host :
                List.of(Release.Fit.any(), new Release.Fit("router", "x86"), new Release.Fit("switch", "arm64"))) {
            assertInstanceOf(
                    Attack.WrongSoftware.class,
                    trial.duties("h1", host).refused().get("web"),
                    host.toString());
        }
        assertEquals(
                Set.of("web"),
                trial.duties("h1", new Release.Fit("router", "arm64")).run().keySet());
    }

    @Test
    void a10FewerKeysThanTheThresholdAreNone() {
        SigningKey first = trial.releaseKeys.getFirst();
        Envelope half = FleetFixture.release("web", "3", 3).sign(List.of(first));

        trial.assertRefused(Attack.ArbitraryInstallation.class, half);
        trial.assertRefused(Attack.ArbitraryInstallation.class, half.signedBy(List.of(first)));
        trial.assertRefused(Attack.ArbitraryInstallation.class, half.signedBy(List.of(trial.rootKeys.getFirst())));
        trial.assertRefused(Attack.ArbitraryInstallation.class, trial.list(1).sign(List.of(first)));
        trial.assertRefused(
                Attack.ArbitraryInstallation.class, trial.nextRoot().build().sign(List.of(trial.rootKeys.getFirst())));
        trial.believe(half.signedBy(List.of(trial.releaseKeys.getLast())));
    }

    @Test
    void a11ADirectorChoosesAmongReleasesAndNoMore() {
        Revocations list = trial.list(1).withFloor("web", 2, NOW);
        trial.believe(one, two, list.sign(trial.releaseKeys), trial.pin(trial.director, 1, one.hash()));

        assertInstanceOf(Attack.RevokedSoftware.class, trial.duties().refused().get("web"), "below the floor");
        trial.assertRefused(Attack.ArbitraryInstallation.class, trial.list(2).sign(List.of(trial.director)));
        trial.assertRefused(
                Attack.ArbitraryInstallation.class,
                FleetFixture.release("web", "9", 9).sign(List.of(trial.director, trial.otherDirector)));
    }

    @Test
    void a11NoDirectorIsFasterThanTheRootAllows() {
        int tenPercent = 100_000;
        trial.believe(
                trial.nextRoot().ceiling(tenPercent).sign(),
                one,
                two,
                trial.pin(trial.director, 1, one.hash(), NOW - DAY),
                trial.freshness(trial.director, 1, NOW));

        // A pin that says that it is a day old, and all is due.
        trial.believe(trial.pin(trial.director, 2, two.hash(), NOW - DAY));

        assertEquals(0, moved(NOW));
        assertTrue(Math.abs(moved(NOW + HOUR) - 100) < 40, moved(NOW + HOUR) + " of 1,000 in an hour");
        assertTrue(Math.abs(moved(NOW + 5 * HOUR) - 500) < 80, moved(NOW + 5 * HOUR) + " of 1,000 in five");
        assertEquals(1000, moved(NOW + 10 * HOUR));
    }

    private long moved(long clock) {
        trial.clock = clock;
        return IntStream.range(0, 1000)
                .filter(i -> {
                    Duties.Duty duty =
                            trial.duties("h" + i, Release.Fit.any()).run().get("web");
                    return duty != null && duty.release().hash().equals(two.hash());
                })
                .count();
    }

    @Test
    void a12AReleaseThatNobodyPinnedIsNotRun() {
        trial.believe(one, two, trial.pin(trial.director, 1, one.hash()));

        assertEquals(one.hash(), trial.runs());
        assertEquals(1, trial.duties().run().size());
    }

    @Test
    void a13TwoPinsUnderOneNumberHoldTheNameUntilANewerComes() {
        trial.believe(one, two, trial.pin(trial.director, 1, one.hash()));

        Beliefs.Verdict verdict = trial.offer(trial.pin(trial.director, 1, two.hash()));

        Beliefs.Verdict.Refusal refusal = assertInstanceOf(Beliefs.Verdict.Refusal.class, verdict);
        assertInstanceOf(Attack.Equivocation.class, refusal.attack());
        trial.restart();
        assertEquals(Set.of("web"), trial.duties().held());
        trial.believe(trial.pin(trial.director, 2, two.hash()));
        assertEquals(two.hash(), trial.runs());
    }

    @Test
    void a13TwoListsAndTwoFreshnessesUnderOneNumberAreRefused() throws Refused {
        trial.believe(trial.list(1).sign(trial.releaseKeys), trial.freshness(trial.director, 1, NOW));

        trial.assertRefused(
                Attack.Equivocation.class,
                new Revocations(
                                1,
                                NOW + 1,
                                trial.list(1).releases(),
                                trial.list(1).floors(),
                                Revocations.Members.none())
                        .sign(trial.releaseKeys));
        trial.assertRefused(Attack.Equivocation.class, trial.freshness(trial.director, 1, NOW + 1));
        trial.believe(trial.nextRoot().sign());
        Root second = trial.beliefs.root();
        trial.assertRefused(Attack.Equivocation.class, other(second));
    }

    @Test
    void a13AKeyThatIsInTwoPlacesIsFoundOut() {
        Pin.Sequence first = new Pin.Sequence(trial.director.id(), 1, Pin.Sequence.NONE);
        Pin.Sequence fork = new Pin.Sequence(trial.director.id(), 2, Pin.Sequence.NONE);
        for (Pin.Sequence sequence : List.of(first, fork)) {
            Pin pin = trial.pin(trial.director, 1, new Order.Withdraw(), Wave.all(), NOW);
            trial.believe(new Pin(pin.name(), pin.scope(), pin.order(), pin.wave(), sequence, pin.terms())
                    .sign(List.of(trial.director)));
        }

        assertTrue(trial.beliefs.alarms(NOW).getFirst().startsWith("forked"));
    }

    @Test
    void a16AMemberThatIsShutOutIsAStranger() {
        Subject host = new Subject(FleetFixture.FLEET, Subject.Role.HOST, "h1");
        assertEquals(false, trial.beliefs.isRevoked(host));

        trial.believe(trial.list(1).withMember(Subject.Role.HOST, "h1", NOW).sign(trial.releaseKeys));

        assertEquals(true, trial.beliefs.isRevoked(host));
        trial.restart();
        assertEquals(true, trial.beliefs.isRevoked(host));
    }

    @Test
    void a20DocumentsFromAnOlderDiskDoNotCountWhereTheNumbersAreRemembered() throws Refused {
        Envelope oldList = trial.list(1).sign(trial.releaseKeys);
        Envelope oldFreshness = trial.freshness(trial.director, 1, NOW);
        trial.believe(
                trial.list(2).sign(trial.releaseKeys),
                trial.freshness(trial.director, 2, NOW),
                trial.nextRoot().sign());
        Numbers remembered = trial.beliefs.numbers();

        Beliefs.Kept older = new Beliefs.Kept(List.of(), List.of(), List.of(oldFreshness), List.of(oldList));
        trial.beliefs =
                Beliefs.restore(Trial.chain(List.of(trial.rootEnvelope)), older, remembered, NOW, (envelope, e) -> {});

        assertEquals(0, trial.beliefs.inForce().number());
        trial.assertRefused(Attack.Rollback.class, one);
        assertTrue(trial.beliefs.alarms(NOW).getFirst().contains("root 2"));
        trial.believe(trial.nextRoot().sign());
        trial.assertRefused(Attack.Rollback.class, oldList);
        trial.assertRefused(Attack.Rollback.class, oldFreshness);
    }

    @Test
    void a21AClockThatWentBackMakesNothingNewAgain() {
        Envelope expired = trial.pin(trial.director, 1, one.hash(), NOW - 40 * DAY);
        trial.believe(one, trial.freshness(trial.director, 1, NOW));

        trial.clock = 0;

        assertEquals(NOW, trial.beliefs.now(0));
        trial.assertRefused(Attack.Freeze.class, expired);
    }

    @Test
    void a25TheRootSaysWhichAlgorithmsAreNeededAndNoDocumentSaysLess() throws Refused {
        Trial hybrid = Trial.hybrid();
        Envelope release = hybrid.release("web", "1", 1);
        List<Envelope> documents = List.of(
                release,
                hybrid.pin(hybrid.director, 1, release.hash()),
                hybrid.list(1).sign(hybrid.releaseKeys),
                hybrid.freshness(hybrid.director, 1, NOW),
                hybrid.nextRoot().sign());

        for (Envelope document : documents) {
            for (var kept : SigningKey.HYBRID) {
                Envelope half = Tampering.with(
                        document,
                        document.signatures().stream()
                                .filter(signature -> signature.algorithm() == kept)
                                .toList());
                hybrid.assertRefused(Attack.AlgorithmDowngrade.class, half);
            }
        }
    }

    private static Trial trial() {
        try {
            return Trial.plain();
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }

    /// Another root with the number of this one.
    private Envelope other(Root root) {
        return new Root(
                        root.fleet(),
                        root.number(),
                        root.created() + 1,
                        root.required(),
                        new EnumMap<>(root.roles()),
                        root.terms())
                .sign(new ArrayList<>(trial.rootKeys.subList(0, 2)));
    }
}
