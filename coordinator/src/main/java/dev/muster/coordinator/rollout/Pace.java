package dev.muster.coordinator.rollout;

import dev.muster.protocol.trust.document.HostReport;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How fast a host moves bytes, between two of its reports. Bytes a second.
///
/// @param from of which hosts it receives, of each so much: those that send most
public record Pace(long down, long up, SortedMap<String, Long> from) {
    public static final Pace NONE = new Pace(0, 0, new TreeMap<>());

    /// Two reports that come faster than this say nothing of a rate.
    private static final long MILLIS_MIN = 200;

    public Pace {
        from = Collections.unmodifiableSortedMap(new TreeMap<>(from));
    }

    /// @param before none of a time before the agent was started again
    static Pace between(HostReport before, HostReport after) {
        long millis = after.origin().created() - before.origin().created();
        if (millis < MILLIS_MIN
                || !before.origin().bootId().equals(after.origin().bootId())) {
            return NONE;
        }
        SortedMap<String, Long> from = new TreeMap<>();
        after.effort().from().forEach((host, bytes) -> from.put(host, bytes * 1000 / millis));
        long down = received(after) - received(before);
        long up = after.effort().sent() - before.effort().sent();
        return new Pace(Math.max(0, down * 1000 / millis), Math.max(0, up * 1000 / millis), from);
    }

    private static long received(HostReport report) {
        HostReport.Received received = report.effort().received();
        return received.source() + received.site() + received.wan();
    }
}
