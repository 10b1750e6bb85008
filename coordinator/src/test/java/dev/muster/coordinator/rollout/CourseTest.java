package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.coordinator.enrol.Host;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CourseTest {
    private static final long MB = 1_000_000;
    private static final Hash RELEASE = new Hash(1, 2, 3, 4);
    private static final VerifyKey KEY = SigningKey.generate(SigningKey.TLS).verifyKey();
    private static final Rollout ROLLOUT = new Rollout("r-1", "all", "web", RELEASE, new Hash(5, 6, 7, 8), 1000);

    private final Map<String, Host> all = new TreeMap<>();
    private final Map<String, HostBoard.Heard> heard = new HashMap<>();
    private final Map<String, Capacity.Link> wan = new HashMap<>();

    @Test
    void theBoundFollowsFromWhatLinksWereSeenToDoAndWhatIsSaidOfThem() {
        host("source", "paris", Map.of("link", "80Mbit"));
        host("one", "paris", Map.of());
        host("two", "paris", Map.of("link", "fibre"));
        fetching("one", 100 * MB, 20 * MB, 5);
        fetching("two", 100 * MB, 25 * MB, 5);

        Bound bound =
                course().bound(ROLLOUT, Set.of("source"), decided("one", "two")).orElseThrow();

        assertEquals(Duration.ofSeconds(10), bound.time());
        assertEquals("upload of the source", bound.bottleneck());
    }

    @Test
    void withoutAKnownLengthOrASourceThereIsNoBound() {
        host("one", "paris", Map.of());
        host("two", "paris", Map.of());
        fetching("one", 0, MB, 5);

        assertEquals(Optional.empty(), course().bound(ROLLOUT, Set.of("two"), decided("one")));
        fetching("one", MB, MB, 5);
        assertEquals(Optional.empty(), course().bound(ROLLOUT, Set.of(), decided("one")));
    }

    @Test
    void whatCrossesAWanLinkLimitsTheSiteBehindIt() {
        host("source", "paris", Map.of());
        host("one", "rome", Map.of("name", "r1"));
        fetching("one", 100 * MB, 50 * MB, 5);
        wan.put("rome", new Capacity.Link(MB, 5 * MB));
        wan.put("paris", new Capacity.Link(0, MB));

        assertEquals(
                "WAN into rome",
                course().bound(ROLLOUT, Set.of("source"), decided("one"))
                        .orElseThrow()
                        .bottleneck());
        assertEquals(
                Map.of("rome", new Course.Crossing(3 * MB, 0), "paris", new Course.Crossing(0, 3 * MB)),
                course().crossings());
    }

    @Test
    void whenMostOfThoseThatLackWaitForTheSameThatIsTheBottleneck() {
        host("one", "paris", Map.of("name", "p1"));
        host("two", "paris", Map.of("name", "p2"));
        fetching("one", MB, MB, 95);
        fetching("two", MB, MB, 95);
        assertEquals("CPU of 2 hosts, first p1", bottleneck());

        fetching("one", MB, MB, 10);
        fetching("two", MB, MB, 10);
        assertEquals("", bottleneck());

        says("one", HostReport.State.WRITING, new HostReport.Times(1, 5, 0), MB, 10);
        says("two", HostReport.State.READY, new HostReport.Times(1, 2, 3), MB, 10);
        runs("two");
        assertEquals("disk of p1", bottleneck());
    }

    private String bottleneck() {
        return course().bottleneck(ROLLOUT, decided("one", "two"), Optional.empty());
    }

    private Course course() {
        return new Course(all, id -> Optional.ofNullable(heard.get(id)), wan);
    }

    private Collection<Host> decided(String... ids) {
        List<Host> hosts = new ArrayList<>();
        for (String id : ids) {
            hosts.add(Optional.ofNullable(all.get(id)).orElseThrow());
        }
        return hosts;
    }

    private void host(String id, String site, Map<String, String> labels) {
        all.put(id, new Host(id, KEY, Host.membership(site, new TreeMap<>(labels)), 0, false));
    }

    private void fetching(String id, long wire, long peak, int cpu) {
        says(id, HostReport.State.FETCHING, new HostReport.Times(1, 0, 0), wire, cpu);
        heard.computeIfPresent(id, (_, each) -> new HostBoard.Heard(each.report(), 0, each.pace(), peak));
    }

    private void says(String id, HostReport.State state, HostReport.Times times, long wire, int cpu) {
        HostReport.Work work = new HostReport.Work(state, new HostReport.Progress(0, 0), wire, times, "");
        heard.put(id, heard(id, new TreeMap<>(), new TreeMap<>(Map.of("web", work)), cpu));
    }

    private void runs(String id) {
        HostBoard.Heard before = Optional.ofNullable(heard.get(id)).orElseThrow();
        SortedMap<String, HostReport.Image> running =
                new TreeMap<>(Map.of("web", new HostReport.Image(RELEASE, new ManifestId(RELEASE))));
        heard.put(id, heard(id, running, before.report().work(), 10));
    }

    private static HostBoard.Heard heard(
            String id, SortedMap<String, HostReport.Image> running, SortedMap<String, HostReport.Work> work, int cpu) {
        HostReport report = new HostReport(
                new HostReport.Origin(id, 1, "b", 1000),
                HostReport.State.FETCHING,
                new HostReport.Place("", "x"),
                new HostReport.Images(running, new TreeMap<>(), HostReport.Stock.none()),
                work,
                new HostReport.Effort(
                        new HostReport.Received(0, 0, 0, 0), 0, new TreeMap<>(), cpu, HostReport.Allowed.ANY, ""));
        Pace pace = new Pace(3 * MB, 0, new TreeMap<>(Map.of("source", 3 * MB)));
        return new HostBoard.Heard(report, 0, pace, 0);
    }
}
