package dev.muster.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TopologyTest {
    private static final Topology TWO_SITES = new Topology("lab", 2, 3, 12_500_000, 6_250_000);

    @Test
    void theFirstHostIsTheSource() {
        assertEquals(new Node("h0-0", "lab-h0-0", 0, "10.77.0.10"), TWO_SITES.source());
        assertEquals(5, TWO_SITES.receivers().size());
        assertEquals("10.77.1.12", TWO_SITES.receivers().getLast().address());
    }

    @Test
    void everyNamespaceBeginsWithThePrefixAndIsMadeOnce() {
        List<String> made = TWO_SITES.commands().stream()
                .filter(command -> command.subList(0, 3).equals(List.of("ip", "netns", "add")))
                .map(List::getLast)
                .toList();

        assertEquals(TWO_SITES.namespaces(), made);
        assertEquals(1 + 2 + 1 + 6, made.stream().distinct().count());
        assertTrue(made.stream().allMatch(name -> name.startsWith("lab-")), made::toString);
    }

    @Test
    void bothEndsOfEveryLinkAreCappedAtItsRate() {
        List<String> caps = TWO_SITES.commands().stream()
                .filter(command -> command.getFirst().equals("tc"))
                .map(command -> String.join(" ", command))
                .toList();

        assertEquals(6 * 2, caps.stream().filter(cap -> cap.contains(" rate 100000000bit burst 125000 ")).count());
        assertEquals(2 * 2, caps.stream().filter(cap -> cap.contains(" rate 50000000bit burst 65536 ")).count());
        assertEquals(16, caps.size());
        assertTrue(caps.stream().noneMatch(cap -> cap.contains("coordinator")), caps::toString);
    }

    @Test
    void oneSiteHasNoWanToBeCapped() {
        long caps = new Topology("lab", 1, 4, 1000, 0).commands().stream()
                .filter(command -> command.getFirst().equals("tc"))
                .count();

        assertEquals(4 * 2, caps);
    }

    @Test
    void theBoundIsThatOfTheNarrowestLink() {
        Topology room = new Topology("lab", 1, 17, 12_500_000, 0);

        assertEquals(10.74, room.bound(128 << 20).time().toMillis() / 1e3, 0.01);
        assertEquals("WAN into site1", TWO_SITES.bound(64 << 20).bottleneck());
        assertEquals(10.74, TWO_SITES.bound(64 << 20).time().toMillis() / 1e3, 0.01);
        assertEquals(21.47, TWO_SITES.slower().bound(64 << 20).time().toMillis() / 1e3, 0.01);
    }

    @Test
    void aRoomOfOneHostIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new Topology("lab", 1, 1, 1000, 0));
        assertThrows(IllegalArgumentException.class, () -> new Topology("lab", 2, 3, 1000, 0));
    }
}
