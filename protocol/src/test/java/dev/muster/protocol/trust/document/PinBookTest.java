package dev.muster.protocol.trust.document;

import static dev.muster.protocol.trust.document.FleetFixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.PinBook.Answer;
import dev.muster.protocol.trust.key.Algorithm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PinBookTest {
    private static final long HOUR = 3_600_000;

    private final FleetFixture fleet = FleetFixture.plain();
    private final PinBook book = new PinBook();

    @Test
    void theNewestPinOfAScopeDecides() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).sign());

        assertEquals(2, runs("h1", Map.of()));
        assertEquals(1, book.pins().size());
    }

    @Test
    void aPinSaidTwiceIsKnown() throws Refused {
        Signed<Pin> pin = fleet.pin(fleet.director, 1).sign();
        accept(pin);

        assertInstanceOf(Answer.Known.class, book.accept(pin, NOW));
    }

    @Test
    void aReplayOfWhatWasSupersededIsRefused() throws Refused {
        Signed<Pin> old = fleet.pin(fleet.director, 1).run(1).sign();
        accept(fleet.pin(fleet.director, 2).run(2).sign());

        assertRefused(Reason.REPLAYED, old);
        assertEquals(2, runs("h1", Map.of()));
    }

    @Test
    void rollbackIsANewPinToAnOlderRelease() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).sign());
        accept(fleet.pin(fleet.director, 3).run(1).sign());

        assertEquals(1, runs("h1", Map.of()));
    }

    @Test
    void hostsThatAWaveHasNotReachedKeepToTheOlderPin() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).wave("h2").sign());

        assertEquals(1, runs("h1", Map.of()));
        assertEquals(2, runs("h2", Map.of()));
    }

    @Test
    void aLatecomerThatNewerWavesDoNotReachIsTakenIn() throws Refused {
        accept(fleet.pin(fleet.director, 2).run(2).wave("h2").sign());
        accept(fleet.pin(fleet.director, 1).run(1).sign());

        assertEquals(1, runs("h1", Map.of()));
        assertEquals(2, runs("h2", Map.of()));
    }

    @Test
    void aFractionReachesThatShareOfHosts() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).ppm(250_000).sign());

        long reached = IntStream.range(0, 2000)
                .filter(i -> runs("h" + i, Map.of()) == 2)
                .count();

        assertTrue(reached > 400 && reached < 600, reached + " of 2000");
    }

    @Test
    void aLargerWaveReachesAllThatTheSmallerDid() {
        Hash release = Hash.of(new byte[] {9});

        for (int i = 0; i < 500; i++) {
            boolean small = new Wave.Fraction(100_000).reaches("h" + i, release, Wave.ALL_PPM);
            boolean large = new Wave.Fraction(200_000).reaches("h" + i, release, Wave.ALL_PPM);
            assertTrue(large || !small, "h" + i);
            assertTrue(Wave.all().reaches("h" + i, release, Wave.ALL_PPM));
            assertEquals(false, new Wave.Fraction(0).reaches("h" + i, release, Wave.ALL_PPM));
        }
    }

    @Test
    void paceLetsAWaveGrowWithTime() throws Refused {
        Signed<Pin> pin = fleet.pin(fleet.director, 1).pace(500_000).sign();

        long atOnce = reached(pin, NOW);
        long afterAnHour = reached(pin, NOW + HOUR);
        long afterTwo = reached(pin, NOW + 2 * HOUR);

        assertEquals(0, atOnce);
        assertTrue(afterAnHour > 400 && afterAnHour < 600, afterAnHour + " of 1000");
        assertEquals(1000, afterTwo);
    }

    @Test
    void beforeItsTimeAPinDecidesNothing() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).notBefore(NOW + HOUR).sign());

        assertEquals(1, runs("h1", Map.of()));
        assertEquals(2, release(book.decide("h1", Map.of(), NOW + HOUR).pins().get("web")));
    }

    @Test
    void theHighestPriorityOfTheScopesThatMatchDecides() throws Refused {
        accept(fleet.pin(fleet.director, 1)
                .label("rack", "a")
                .priority(5)
                .run(1)
                .sign());
        accept(fleet.pin(fleet.director, 2).run(2).sign());

        assertEquals(1, runs("h1", Map.of("rack", "a")));
        assertEquals(2, runs("h1", Map.of("rack", "b")));
    }

    @Test
    void aWithdrawnScopeLeavesTheDecisionToTheOthers() throws Refused {
        accept(fleet.pin(fleet.director, 1)
                .label("rack", "a")
                .priority(5)
                .run(1)
                .sign());
        accept(fleet.pin(fleet.director, 2).run(2).sign());
        accept(fleet.pin(fleet.director, 3)
                .label("rack", "a")
                .priority(5)
                .withdraw()
                .sign());

        assertEquals(2, runs("h1", Map.of("rack", "a")));
    }

    @Test
    void twoDirectorsAtOnceLeaveOneAnswer() throws Refused {
        Signed<Pin> one = fleet.pin(fleet.director, 1).run(1).sign();
        Signed<Pin> two = fleet.pin(fleet.otherDirector, 1).run(2).sign();
        int expected = fleet.director.id().compareTo(fleet.otherDirector.id()) > 0 ? 1 : 2;

        book.accept(one, NOW);
        book.accept(two, NOW);

        assertEquals(expected, runs("h1", Map.of()));
    }

    @Test
    void aKeyThatSignedTwoPinsUnderOneNumberHoldsTheName() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).sign());

        assertRefused(Reason.EQUIVOCATION, fleet.pin(fleet.director, 2).run(3).sign());

        PinBook.Decision decision = book.decide("h1", Map.of(), NOW);
        assertEquals(Set.of("web"), decision.held());
        assertEquals(Map.of(), decision.pins());
    }

    @Test
    void aNewerPinEndsTheHold() throws Refused {
        book.accept(fleet.pin(fleet.director, 2).run(2).sign(), NOW);
        book.accept(fleet.pin(fleet.director, 2).run(3).sign(), NOW);

        accept(fleet.pin(fleet.director, 3).run(4).sign());

        assertEquals(4, runs("h1", Map.of()));
    }

    @Test
    void equivocationIsRememberedOverARestart() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).sign());
        accept(fleet.pin(fleet.director, 2).run(2).sign());
        PinBook again = PinBook.restore(book.pins(), book.used(), fleet.root, NOW);

        Answer answer = again.accept(fleet.pin(fleet.director, 1).run(9).sign(), NOW);

        assertEquals(
                Reason.EQUIVOCATION,
                assertInstanceOf(Answer.Refusal.class, answer).reason());
        assertEquals(2, release(again.decide("h1", Map.of(), NOW).pins().get("web")));
    }

    @Test
    void anExpiredPinIsNotAcceptedButAnAcceptedOneDoesNotExpire() throws Refused {
        accept(fleet.pin(fleet.director, 1).run(1).expires(NOW + HOUR).sign());
        Signed<Pin> late =
                fleet.pin(fleet.director, 2).run(2).expires(NOW + HOUR).sign();

        Answer answer = book.accept(late, NOW + HOUR);

        assertEquals(
                Reason.EXPIRED, assertInstanceOf(Answer.Refusal.class, answer).reason());
        assertEquals(
                1, release(book.decide("h1", Map.of(), NOW + 2 * HOUR).pins().get("web")));
    }

    @Test
    void aStolenKeysHugeNumberGoesWithTheKey() throws Refused {
        accept(fleet.pin(fleet.otherDirector, Long.MAX_VALUE).run(66).sign());
        Root second = fleet.root(2, Set.of(Algorithm.ED25519), List.of(fleet.director));

        book.retain(second);
        accept(fleet.pin(fleet.director, book.highest() + 1).run(1).sign());

        assertEquals(1, runs("h1", Map.of()));
        assertEquals(1, book.highest());
    }

    @Test
    void namesDoNotTouchEachOther() throws Refused {
        accept(fleet.pin(fleet.director, 1).name("web").run(1).sign());
        accept(fleet.pin(fleet.director, 2).name("db").run(2).sign());

        assertEquals(
                Set.of("db", "web"), book.decide("h1", Map.of(), NOW).pins().keySet());
    }

    @Test
    void theBookIsBounded() throws Refused {
        for (int i = 1; i <= 40; i++) {
            accept(fleet.pin(fleet.director, i).run(i).sign());
        }

        assertEquals(1, book.pins().size());
        assertEquals(40, book.used().getFirst().marks().size());
    }

    private void accept(Signed<Pin> pin) {
        assertInstanceOf(Answer.Accepted.class, book.accept(pin, NOW));
    }

    private void assertRefused(Reason reason, Signed<Pin> pin) {
        assertEquals(
                reason,
                assertInstanceOf(Answer.Refusal.class, book.accept(pin, NOW)).reason());
    }

    /// The release that the host is to run, by the number that the test gave it.
    private int runs(String host, Map<String, String> labels) {
        return release(book.decide(host, labels, NOW).pins().get("web"));
    }

    private static int release(@Nullable Signed<Pin> pin) {
        for (int i = 0; i < 128 && pin != null; i++) {
            if (pin.document().order().equals(new Order.Run(Hash.of(new byte[] {(byte) i})))) {
                return i;
            }
        }
        throw new AssertionError("no pin decides");
    }

    private static long reached(Signed<Pin> pin, long now) {
        return IntStream.range(0, 1000)
                .filter(i -> pin.document().reaches("h" + i, now, Pin.Brake.NONE))
                .count();
    }
}
