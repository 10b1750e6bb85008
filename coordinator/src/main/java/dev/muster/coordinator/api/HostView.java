package dev.muster.coordinator.api;

import dev.muster.coordinator.enrol.Host;
import dev.muster.protocol.trust.document.HostReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One host of the status in JSON: bytes, and epoch milliseconds with 0 for not yet.
final class HostView {
    private HostView() {}

    /// A release by its document and its primary image.
    record Pair(String release, String manifest) {}

    /// @param state of its report in lower case, or `silent` if none came for a while
    static Map<String, Object> of(
            Host host, String state, SortedMap<String, Pair> pinned, Optional<HostReport> report) {
        HostReport.Transfer transfer = report.map(HostReport::transfer).orElse(HostReport.Transfer.none());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", host.id());
        view.put("site", host.membership().site());
        view.put("address", report.map(r -> r.place().address()).orElse(""));
        view.put("labels", host.membership().labels());
        view.put("state", state);
        view.put("running", running(report));
        view.put("pinned", pinned);
        view.put("progress", transfer.progress());
        view.put("received", transfer.received());
        view.put("sent", transfer.sent());
        view.put("started", transfer.started());
        view.put("finished", transfer.finished());
        view.put("error", report.map(HostReport::error).orElse(""));
        return view;
    }

    private static SortedMap<String, Pair> running(Optional<HostReport> report) {
        SortedMap<String, Pair> running = new TreeMap<>();
        report.ifPresent(r -> r.images()
                .running()
                .forEach((name, image) -> running.put(
                        name,
                        new Pair(image.release().toString(), image.manifest().toString()))));
        return running;
    }
}
