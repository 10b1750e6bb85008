package dev.muster.coordinator.api;

import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.coordinator.rollout.Pace;
import dev.muster.protocol.trust.document.HostReport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One host of the status in JSON: bytes, and epoch milliseconds with 0 for not yet. `progress`, `started`
/// and `finished` are of what it works on now or did last; `images` has the same of every name.
final class HostView {
    private HostView() {}

    /// A release by its document and its primary image.
    record Pair(String release, String manifest) {}

    /// What becomes of the pin of one name.
    record Image(String state, HostReport.Progress progress, HostReport.Times times, String error) {
        static Image of(HostReport.Work work) {
            return new Image(work.state().name().toLowerCase(Locale.ROOT), work.progress(), work.times(), work.error());
        }
    }

    /// Bytes a second, and by whom the host is served.
    record Rate(long down, long up, SortedMap<String, Long> from) {
        static Rate of(Pace pace) {
            return new Rate(pace.down(), pace.up(), pace.from());
        }
    }

    /// @param state of its report in lower case, or `silent` if none came for a while
    /// @param heard its newest report
    static Map<String, Object> of(
            Host host, String state, SortedMap<String, Pair> pinned, Optional<HostBoard.Heard> heard) {
        Optional<HostReport> report = heard.map(HostBoard.Heard::report);
        HostReport.Effort effort = report.map(HostReport::effort).orElse(HostReport.Effort.none());
        Optional<HostReport.Work> newest = report.flatMap(HostReport::newest);
        HostReport.Times times = newest.map(HostReport.Work::times).orElse(new HostReport.Times(0, 0, 0));
        SortedMap<String, Image> images = new TreeMap<>();
        report.ifPresent(each -> each.work().forEach((name, work) -> images.put(name, Image.of(work))));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", host.id());
        view.put("site", host.membership().site());
        view.put("address", report.map(r -> r.place().address()).orElse(""));
        view.put("labels", host.membership().labels());
        view.put("state", state);
        view.put("running", running(report));
        view.put("pinned", pinned);
        view.put("progress", newest.map(HostReport.Work::progress).orElse(new HostReport.Progress(0, 0)));
        view.put("received", effort.received());
        view.put("sent", effort.sent());
        view.put("started", times.started());
        view.put("finished", times.finished());
        view.put("error", report.map(HostReport::error).orElse(""));
        view.put("images", images);
        view.put("rate", Rate.of(heard.map(HostBoard.Heard::pace).orElse(Pace.NONE)));
        view.put("cpu", effort.cpu());
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
