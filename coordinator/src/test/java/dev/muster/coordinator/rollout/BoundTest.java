package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.coordinator.rollout.Bound.Host;
import dev.muster.coordinator.rollout.Bound.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BoundTest {
    private static final long IMAGE = 1_000;

    @Test
    void equalHostsNeedAsLongAsOneCopy() {
        List<Host> hosts = hosts("a", 10, 100);

        assertEquals(new Bound(Duration.ofSeconds(10), "upload of the source"), of(hosts, Map.of()));
    }

    @Test
    void theSlowestReceiverIsNamed() {
        List<Host> hosts = hosts("a", 3, 100);
        hosts.add(new Host("slow", "a", false, new Rates(100, 20)));

        assertEquals(new Bound(Duration.ofSeconds(50), "download of slow"), of(hosts, Map.of()));
    }

    @Test
    void uploadsTogetherMayBeTooLittle() {
        List<Host> hosts = new ArrayList<>();
        hosts.add(new Host("source", "a", true, new Rates(100, 100)));
        for (int i = 0; i < 9; i++) {
            hosts.add(new Host("h" + i, "a", false, new Rates(10, 100)));
        }

        assertEquals("uploads of all hosts", of(hosts, Map.of()).bottleneck());
        assertEquals(9 * IMAGE / 190.0, of(hosts, Map.of()).time().toMillis() / 1000.0, 0.01);
    }

    @Test
    void aThinLinkIntoASiteIsNamed() {
        List<Host> hosts = hosts("a", 3, 100);
        hosts.addAll(hosts("b", 3, 100).subList(1, 3));

        Bound bound = of(hosts, Map.of("b", new Rates(100, 50), "a", new Rates(80, 80)));

        assertEquals(new Bound(Duration.ofSeconds(20), "WAN into b"), bound);
        assertEquals(1.25, bound.multiple(Duration.ofSeconds(25)));
    }

    @Test
    void theLinkOutOfTheSourcesSiteCarriesACopy() {
        List<Host> hosts = hosts("a", 3, 100);
        hosts.addAll(hosts("b", 3, 100).subList(1, 3));
        hosts.addAll(hosts("c", 3, 100).subList(1, 3));

        Bound bound = of(hosts, Map.of("a", new Rates(40, 40)));

        assertEquals(new Bound(Duration.ofSeconds(25), "WAN out of a"), bound);
    }

    @Test
    void withNobodyToReceiveThereIsNone() {
        assertTrue(Bound.of(IMAGE, hosts("a", 1, 100), Map.of()).isEmpty());
        assertTrue(Bound.of(IMAGE, hosts("a", 2, 100).subList(1, 2), Map.of()).isEmpty());
    }

    /// The first is a source.
    private static List<Host> hosts(String site, int count, long rate) {
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add(new Host(site + i, site, i == 0, new Rates(rate, rate)));
        }
        return hosts;
    }

    private static Bound of(List<Host> hosts, Map<String, Rates> wan) {
        return Bound.of(IMAGE, hosts, wan).orElseThrow();
    }
}
