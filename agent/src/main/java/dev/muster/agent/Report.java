package dev.muster.agent;

import com.sun.management.OperatingSystemMXBean;
import dev.muster.agent.activate.Activator;
import dev.muster.agent.delivery.Traffic;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Names;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts together what the host says of itself.
final class Report {
    private Report() {}

    /// @param counter higher than that of every report before
    static HostReport of(
            String host,
            long counter,
            HostReport.Place place,
            Activator.Snapshot snapshot,
            HostReport.Stock stock,
            HostReport.Effort effort,
            long now) {
        return new HostReport(
                new HostReport.Origin(host, counter, bootId(), now),
                snapshot.state(),
                place,
                new HostReport.Images(snapshot.running(), snapshot.wanted(), stock),
                snapshot.work(),
                effort);
    }

    /// @param from bytes by the host that they came from since the report before
    /// @param allowed what it may send and receive now
    /// @param complaint what keeps it from serving as it should; empty if nothing
    static HostReport.Effort effort(
            Traffic.Totals traffic, Map<String, Long> from, HostReport.Allowed allowed, String complaint) {
        SortedMap<String, Long> most = new TreeMap<>();
        from.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(HostReport.Effort.FROM_MAX)
                .forEach(each -> most.put(each.getKey(), each.getValue()));
        return new HostReport.Effort(
                new HostReport.Received(traffic.source(), traffic.site(), traffic.wan(), 0),
                traffic.sent(),
                most,
                (int) Math.round(100 * Math.clamp(cpuLoad(), 0, 1)),
                allowed,
                Names.printable(complaint, HostReport.ERROR_BYTES_MAX));
    }

    /// Of all processors since the call before.
    private static double cpuLoad() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getCpuLoad()
                : 0;
    }

    /// Differs after each start of this program, which is all that is asked of it.
    private static String bootId() {
        return Long.toHexString(ManagementFactory.getRuntimeMXBean().getStartTime()) + "-"
                + ProcessHandle.current().pid();
    }
}
