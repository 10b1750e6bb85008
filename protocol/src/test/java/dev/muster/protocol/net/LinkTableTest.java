package dev.muster.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Seeded;
import dev.muster.protocol.net.LinkTable.Dial;
import dev.muster.protocol.net.LinkTable.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LinkTableTest {

    @Test
    void aHostIsDialledOnceAndNeverIfItIsThisOne() {
        LinkTable<String> table = new LinkTable<>("b", 2);

        assertEquals(Dial.NEEDLESS, table.startDial("b"));
        assertEquals(Dial.START, table.startDial("a"));
        assertEquals(Dial.NEEDLESS, table.startDial("a"));
        assertTrue(table.dialled("a", "link").taken());
        assertEquals(Dial.NEEDLESS, table.startDial("a"));
        table.remove("a", "link");
        assertEquals(Dial.START, table.startDial("a"));
    }

    @Test
    void dialsAndLinksTogetherAreBounded() {
        LinkTable<String> table = new LinkTable<>("m", 2);

        assertEquals(Dial.START, table.startDial("a"));
        assertTrue(table.accepted("b", "link").taken());
        assertEquals(Dial.NO_ROOM, table.startDial("c"));
        assertFalse(table.accepted("c", "link").taken());
        table.failDial("a");
        assertTrue(table.accepted("c", "link").taken());
    }

    @Test
    void theNewerOfTwoFromTheSameEndStays() {
        LinkTable<String> table = new LinkTable<>("b", 2);
        table.accepted("a", "old");

        assertEquals(new Verdict<>(true, Optional.of("old")), table.accepted("a", "new"));
        table.remove("a", "old");
        assertEquals(List.of("new"), table.all());
    }

    @Test
    void theSmallerIdsDialWins() {
        LinkTable<String> smaller = new LinkTable<>("a", 2);
        smaller.startDial("b");
        assertFalse(smaller.accepted("b", "theirs").taken());
        assertTrue(smaller.dialled("b", "ours").taken());
        assertFalse(smaller.accepted("b", "theirs").taken());

        LinkTable<String> larger = new LinkTable<>("b", 2);
        larger.startDial("a");
        assertTrue(larger.accepted("a", "theirs").taken());
        assertFalse(larger.dialled("a", "ours").taken());
    }

    /// Two hosts that dial each other, with everything that one tells the other delayed at will: in the end both have
    /// the same single link, or none if every dial failed.
    @Seeded(runs = 100)
    void bothEndsAlwaysAgree(RandomGenerator random) {
        Pair pair = new Pair();
        for (int step = 0; step < 60; step++) {
            pair.step(random);
        }
        pair.finish(random);

        assertEquals(pair.tables.get(0).all(), pair.tables.get(1).all());
        assertTrue(pair.tables.get(0).all().size() <= 1);
    }

    /// The ends of a network reduced to their decisions. Each direction of each connection keeps its order.
    private static final class Pair {
        private static final List<String> NAMES = List.of("a", "b");

        final List<LinkTable<Integer>> tables = List.of(new LinkTable<>("a", 4), new LinkTable<>("b", 4));
        private final List<Deque<Runnable>> ways = new ArrayList<>();
        private int connections;

        void step(RandomGenerator random) {
            List<Deque<Runnable>> busy =
                    ways.stream().filter(way -> !way.isEmpty()).toList();
            if (busy.isEmpty() || random.nextInt(8) == 0) {
                dial(random.nextInt(2));
            } else {
                busy.get(random.nextInt(busy.size())).removeFirst().run();
            }
        }

        void finish(RandomGenerator random) {
            while (ways.stream().anyMatch(way -> !way.isEmpty())) {
                List<Deque<Runnable>> busy =
                        ways.stream().filter(way -> !way.isEmpty()).toList();
                busy.get(random.nextInt(busy.size())).removeFirst().run();
            }
        }

        private void dial(int from) {
            int to = 1 - from;
            if (tables.get(from).startDial(NAMES.get(to)) != Dial.START) {
                return;
            }
            int link = connections++;
            Deque<Runnable> there = new ArrayDeque<>();
            Deque<Runnable> back = new ArrayDeque<>();
            ways.add(there);
            ways.add(back);
            there.add(() -> {
                Verdict<Integer> verdict = tables.get(to).accepted(NAMES.get(from), link);
                verdict.replaced().ifPresent(old -> close(old, to));
                back.add(
                        verdict.taken()
                                ? () -> hello(from, link)
                                : () -> tables.get(from).failDial(NAMES.get(to)));
            });
        }

        private void hello(int from, int link) {
            int to = 1 - from;
            Verdict<Integer> verdict = tables.get(from).dialled(NAMES.get(to), link);
            verdict.replaced().ifPresent(old -> close(old, from));
            if (!verdict.taken()) {
                close(link, from);
            }
        }

        /// One end closes: it forgets the link at once, the other when it hears of it.
        private void close(int link, int at) {
            int other = 1 - at;
            tables.get(at).remove(NAMES.get(other), link);
            Deque<Runnable> way = new ArrayDeque<>();
            way.add(() -> tables.get(other).remove(NAMES.get(at), link));
            ways.add(way);
        }
    }
}
