package dev.muster.agent;

import dev.muster.agent.activate.Activator;
import dev.muster.agent.delivery.Traffic;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Names;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.Optional;

/// Puts together what the host says of itself.
final class Report {
    private Report() {}

    /// What the swarms did.
    ///
    /// @param complaint what an operator should know of that; empty if nothing
    record Delivered(Traffic.Totals traffic, String complaint) {}

    /// @param counter higher than that of every report before
    static HostReport of(
            String host,
            long counter,
            HostReport.Place place,
            Activator.Snapshot snapshot,
            HostReport.Stock stock,
            Delivered delivered,
            long now) {
        Traffic.Totals traffic = delivered.traffic;
        Optional<Activator.Work> newest =
                snapshot.activities().stream().max(Comparator.comparingLong(Activator.Work::started));
        HostReport.Received received = new HostReport.Received(traffic.source(), traffic.site(), traffic.wan(), 0);
        HostReport.Transfer transfer = newest.map(work -> new HostReport.Transfer(
                        work.progress(), received, traffic.sent(), work.started(), work.finished()))
                .orElseGet(
                        () -> new HostReport.Transfer(new HostReport.Progress(0, 0), received, traffic.sent(), 0, 0));
        String error = snapshot.activities().stream()
                .map(Activator.Work::error)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(delivered.complaint);
        return new HostReport(
                new HostReport.Origin(host, counter, bootId(), now),
                snapshot.state(),
                place,
                new HostReport.Images(snapshot.running(), snapshot.wanted(), stock),
                transfer,
                Names.printable(error, HostReport.ERROR_BYTES_MAX));
    }

    /// Differs after each start of this program, which is all that is asked of it.
    private static String bootId() {
        return Long.toHexString(ManagementFactory.getRuntimeMXBean().getStartTime()) + "-"
                + ProcessHandle.current().pid();
    }
}
