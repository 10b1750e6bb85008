package dev.muster.agent.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class LineTest {
    private static final long FRAME = 128 << 10;
    private static final long MBIT = 1_000_000 / 8;

    @Seeded
    void inEveryStretchOfTimeTheLimitHolds(RandomGenerator random) {
        long rate = random.nextLong(MBIT, 1000 * MBIT);
        Line<Integer> line = new Line<>(new Bucket(rate, Bucket.SENDING_NANOS, 0), _ -> 0);
        int senders = random.nextInt(1, 65);
        for (int sender = 0; sender < senders; sender++) {
            line.enter(place(sender, Urgency.FOREGROUND, ""));
        }
        Map<Integer, Long> sent = new TreeMap<>();
        long all = 0;
        long now = 0;
        while (now < 60 * Bucket.SECOND) {
            for (Line.Place<Integer> place : line.admit(now)) {
                all += place.bytes();
                sent.merge(place.sender(), place.bytes(), Long::sum);
                line.enter(place);
            }
            // What was taken last is under way.
            double allowed = rate * ((now + Bucket.SENDING_NANOS) / 1e9);
            assertTrue(all <= allowed + FRAME + 1, all + " bytes after " + now + " ns at " + rate);
            now += Math.max(1, line.delay(now));
        }

        assertEquals(60.0 * rate, all, 0.05 * 60 * rate + FRAME);
        long least = sent.values().stream().min(Long::compare).orElseThrow();
        long most = sent.values().stream().max(Long::compare).orElseThrow();
        assertTrue(most - least <= FRAME, "of equals one sent " + most + ", another " + least);
    }

    @Test
    void whatIsWantedGoesBeforeWhatIsKept() {
        Line<Integer> line = new Line<>(new Bucket(MBIT, Bucket.SENDING_NANOS, 0), _ -> 0);
        line.enter(place(1, Urgency.BACKGROUND, ""));
        line.enter(place(2, Urgency.BACKGROUND, ""));
        line.enter(place(3, Urgency.FOREGROUND, ""));
        line.enter(place(4, Urgency.FOREGROUND, ""));

        assertEquals(List.of(3, 4, 1, 2), order(line));
    }

    @Test
    void whoWaitsForAWanLinkHoldsUpNobodyElse() {
        Line<Integer> line = new Line<>(new Bucket(0, Bucket.SENDING_NANOS, 0), site -> site.equals("far") ? MBIT : 0);
        line.enter(place(1, Urgency.FOREGROUND, "far"));
        line.enter(place(2, Urgency.FOREGROUND, "far"));
        line.enter(place(3, Urgency.FOREGROUND, ""));
        line.enter(place(4, Urgency.FOREGROUND, "near"));

        assertEquals(List.of(1, 3, 4), senders(line.admit(0)));
        assertEquals(FRAME * 8 * 1000 - Bucket.SENDING_NANOS, line.delay(0));
        assertEquals(List.of(2), senders(line.admit(line.delay(0))));
    }

    @Test
    void aPlaceThatIsGivenUpIsNobodys() {
        Line<Integer> line = new Line<>(new Bucket(MBIT, Bucket.SENDING_NANOS, 0), _ -> 0);
        line.enter(place(1, Urgency.FOREGROUND, ""));
        line.leave(place(1, Urgency.FOREGROUND, ""));

        assertEquals(Long.MAX_VALUE, line.delay(0));
    }

    private static Line.Place<Integer> place(int sender, Urgency urgency, String site) {
        return new Line.Place<>(sender, urgency, site, FRAME);
    }

    private static List<Integer> order(Line<Integer> line) {
        List<Integer> order = new ArrayList<>();
        for (long now = 0; line.first().isPresent(); now += Math.max(1, line.delay(now))) {
            order.addAll(senders(line.admit(now)));
        }
        return order;
    }

    private static List<Integer> senders(List<Line.Place<Integer>> places) {
        return places.stream().map(Line.Place::sender).toList();
    }
}
