package dev.muster.protocol.trust.document;

import static dev.muster.protocol.trust.document.FleetFixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Pins of two directors, honest and not, reach hosts in any order: all hosts come to the same answer.
final class PinBookOrderTest {
    private static final int ORDERS = 12;

    private final FleetFixture fleet = FleetFixture.plain();

    @Seeded(runs = 40)
    void theAnswerDoesNotDependOnTheOrderOfArrival(RandomGenerator random) throws Refused {
        List<Signed<Pin>> pins = pins(random);
        List<String> expected = answers(bookOf(pins));

        for (int order = 0; order < ORDERS; order++) {
            assertEquals(expected, answers(bookOf(FleetFixture.shuffled(pins, random))));
        }
    }

    @Seeded(runs = 40)
    void theAnswerOutlivesRestartsAtAnyMoment(RandomGenerator random) throws Refused {
        List<Signed<Pin>> pins = pins(random);

        PinBook book = new PinBook();
        for (Signed<Pin> pin : FleetFixture.shuffled(pins, random)) {
            book.accept(pin, NOW);
            if (random.nextInt(3) == 0) {
                book = PinBook.restore(book.pins(), book.used(), fleet.root, NOW);
            }
        }

        assertEquals(answers(bookOf(pins)), answers(book));
    }

    private static PinBook bookOf(List<Signed<Pin>> pins) {
        PinBook book = new PinBook();
        pins.forEach(pin -> book.accept(pin, NOW));
        return book;
    }

    /// 12 pins over few names, scopes and numbers, so that they collide in every way.
    private List<Signed<Pin>> pins(RandomGenerator random) throws Refused {
        List<Signed<Pin>> pins = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            SigningKey key = random.nextBoolean() ? fleet.director : fleet.otherDirector;
            FleetFixture.PinDraft draft = fleet.pin(key, 1 + random.nextInt(8))
                    .name(random.nextInt(4) == 0 ? "db" : "web")
                    .run(random.nextInt(5))
                    .priority(random.nextInt(2));
            switch (random.nextInt(4)) {
                case 0 -> draft.label("rack", random.nextBoolean() ? "a" : "b");
                case 1 -> draft.hosts("h1", "h3");
                default -> {}
            }
            switch (random.nextInt(6)) {
                case 0 -> draft.ppm(random.nextInt(Wave.ALL_PPM));
                case 1 -> draft.wave("h" + random.nextInt(4));
                case 2 -> draft.notBefore(NOW + random.nextInt(3));
                case 3 -> draft.withdraw();
                default -> {}
            }
            pins.add(draft.sign());
        }
        return pins;
    }

    private static List<String> answers(PinBook book) {
        List<String> answers = new ArrayList<>();
        for (int host = 0; host < 6; host++) {
            for (long later = 0; later < 4; later++) {
                PinBook.Decision decision =
                        book.decide("h" + host, Map.of("rack", host % 2 == 0 ? "a" : "b"), NOW + later);
                Map<String, String> pins = new TreeMap<>();
                decision.pins().forEach((name, pin) -> pins.put(name, pin.hash().brief()));
                answers.add("h" + host + " +" + later + " " + pins + " held " + decision.held());
            }
        }
        return answers;
    }
}
