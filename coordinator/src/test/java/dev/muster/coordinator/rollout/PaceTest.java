package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.trust.document.HostReport;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PaceTest {
    @Test
    void twoReportsOfOneLifeMakeARate() {
        assertEquals(
                new Pace(150, 50, new TreeMap<>(Map.of("h2", 150L))),
                Pace.between(report("b", 1000, 100, 10), report("b", 3000, 400, 110)));
    }

    @Test
    void aRestartOrTwoReportsAtOnceMakeNone() {
        assertEquals(Pace.NONE, Pace.between(report("a", 1000, 100, 10), report("b", 3000, 400, 110)));
        assertEquals(Pace.NONE, Pace.between(report("b", 1000, 100, 10), report("b", 1100, 400, 110)));
    }

    private static HostReport report(String boot, long created, long received, long sent) {
        return new HostReport(
                new HostReport.Origin("h1", 1, boot, created),
                HostReport.State.FETCHING,
                new HostReport.Place("", "x"),
                new HostReport.Images(new TreeMap<>(), new TreeMap<>(), HostReport.Stock.none()),
                new TreeMap<>(),
                new HostReport.Effort(
                        new HostReport.Received(0, received, 0, 0),
                        sent,
                        new TreeMap<>(Map.of("h2", 300L)),
                        0,
                        HostReport.Allowed.ANY,
                        ""));
    }
}
