package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.coordinator.enrol.Host;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CapacityTest {
    private static final VerifyKey KEY = SigningKey.generate(SigningKey.TLS).verifyKey();
    private static final ManifestId MANIFEST = new ManifestId(new Hash(1, 2, 3, 4));
    private static final Optional<Capacity.Image> IMAGE = Optional.of(new Capacity.Image("web", MANIFEST));

    private final Map<String, Host> all = new TreeMap<>();
    private final Map<String, HostBoard.Heard> heard = new HashMap<>();
    private final Map<String, Capacity.Link> wan = new HashMap<>();

    @Test
    void aLabelCountsMoreThanWhatWasSeenAndNothingMoreThanWhatIsAllowed() {
        host("a", "hq", "80Mbit", HostReport.Allowed.ANY, 5, KeepRule.NOTHING, false);
        host("b", "hq", "", HostReport.Allowed.ANY, 7, KeepRule.NOTHING, false);
        host("c", "hq", "8kbit", new HostReport.Allowed(600, 0, 0), 9, KeepRule.NOTHING, false);
        host("d", "hq", "", new HostReport.Allowed(0, 3, 0), 0, KeepRule.NOTHING, false);
        host("e", "hq", "fibre", HostReport.Allowed.ANY, 0, KeepRule.NOTHING, false);

        List<Capacity.Member> members = capacity(false).hosts();

        assertEquals(
                List.of(
                        new Capacity.Link(10_000_000, 10_000_000),
                        new Capacity.Link(7, 7),
                        new Capacity.Link(600, 1000, new Capacity.Limit(600, 0)),
                        new Capacity.Link(0, 3, new Capacity.Limit(0, 3)),
                        new Capacity.Link(0, 0)),
                members.stream().map(Capacity.Member::link).toList());
        assertEquals(
                List.of(
                        Capacity.Known.LABEL,
                        Capacity.Known.SEEN,
                        Capacity.Known.LABEL,
                        Capacity.Known.LIMIT,
                        Capacity.Known.UNKNOWN),
                members.stream().map(Capacity.Member::known).toList());
    }

    @Test
    void aLinkBetweenSitesIsWhatWasSeenAndWhatItsHostsAreAllowedToAllOthers() {
        host("a", "hq", "", new HostReport.Allowed(0, 0, 100), 0, KeepRule.NOTHING, false);
        host("b", "lab", "", HostReport.Allowed.ANY, 0, KeepRule.NOTHING, false);
        host("c", "far", "", HostReport.Allowed.ANY, 0, KeepRule.NOTHING, false);
        wan.put("hq", new Capacity.Link(50, 500));
        wan.put("lab", new Capacity.Link(1, 0));

        assertEquals(
                Map.of("hq", new Capacity.Link(50, 200, new Capacity.Limit(200, 200)), "lab", new Capacity.Link(1, 0)),
                capacity(false).wan());
    }

    @Test
    void ofAWipedGroupOnlyKeepersHaveTheImageElseOneThatHadIt() {
        host("a", "hq", "", HostReport.Allowed.ANY, 0, KeepRule.NOTHING, true);
        host("b", "hq", "", HostReport.Allowed.ANY, 0, KeepRule.NOTHING, true);
        assertEquals(List.of("a", "b"), holders(false));
        assertEquals(List.of("a"), holders(true));

        host("c", "hq", "", HostReport.Allowed.ANY, 0, KeepRule.ALL, true);
        assertEquals(List.of("c"), holders(true));
    }

    @Test
    void whatAReportSaysTooMuchIsCutAndARevokedHostSaysNothing() {
        host("a", "hq", "", new HostReport.Allowed(0, 0, Long.MAX_VALUE), Long.MAX_VALUE, KeepRule.NOTHING, false);
        host("b", "lab", "", new HostReport.Allowed(0, 0, 5), 0, KeepRule.NOTHING, false);
        host("c", "far", "", HostReport.Allowed.ANY, 0, KeepRule.NOTHING, false);
        all.computeIfPresent("b", (_, host) -> new Host(host.id(), KEY, host.membership(), 0, true));

        Capacity capacity = capacity(false);

        assertEquals(
                List.of("c", "a"),
                capacity.hosts().stream().map(Capacity.Member::id).toList());
        assertEquals(Capacity.RATE_MAX, capacity.hosts().getLast().link().up());
        assertEquals(List.of("hq"), List.copyOf(capacity.wan().keySet()));
        assertEquals(
                Capacity.RATE_MAX,
                capacity.wan().firstEntry().getValue().limit().up());
        Course.Crossing much = new Course.Crossing(Long.MAX_VALUE, 1);
        assertEquals(new Course.Crossing(Capacity.RATE_MAX, 2), much.plus(much));
    }

    private List<String> holders(boolean wiped) {
        return capacity(wiped).hosts().stream()
                .filter(member -> member.holding() != Capacity.Holding.NONE)
                .map(Capacity.Member::id)
                .toList();
    }

    private Capacity capacity(boolean wiped) {
        return Capacity.of(new Course(all, id -> Optional.ofNullable(heard.get(id)), wan), _ -> true, IMAGE, wiped);
    }

    private void host(
            String id, String site, String link, HostReport.Allowed allowed, long peak, KeepRule keeps, boolean has) {
        TreeMap<String, String> labels = new TreeMap<>(Map.of("name", id));
        if (!link.isEmpty()) {
            labels.put("link", link);
        }
        all.put(id, new Host(id, KEY, Host.membership(site, labels), 0, false));
        HostReport report = new HostReport(
                new HostReport.Origin(id, 1, "b", 1000),
                HostReport.State.READY,
                new HostReport.Place("", site),
                new HostReport.Images(
                        new TreeMap<>(),
                        new TreeMap<>(),
                        HostReport.Stock.of(keeps, has ? List.of(MANIFEST) : List.of())),
                new TreeMap<>(),
                new HostReport.Effort(new HostReport.Received(0, 0, 0, 0), 0, new TreeMap<>(), 0, allowed, ""));
        heard.put(id, new HostBoard.Heard(report, 0, Pace.NONE, peak));
    }
}
