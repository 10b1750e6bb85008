package dev.muster.coordinator.rollout;

import dev.muster.coordinator.enrol.Host;
import dev.muster.protocol.trust.document.HostReport;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/// How far a rollout is: of the hosts for which its pin decides, how many run the release, and how many failed to.
///
/// @param hosts for which the pin decides
public record Progress(State state, int hosts, int done, int failed) {

    /// Where a rollout stands. The code is part of a format and never changes.
    public enum State {
        RUNNING(1),
        DONE(2),
        FAILED(3),
        /// Another pin decides for all of its hosts, or it never had any.
        SUPERSEDED(4);

        private final int code;

        State(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /// @param hosts those for which the rollout's pin decides
    /// @param reports each host's newest
    static Progress of(Rollout rollout, Collection<Host> hosts, Function<String, Optional<HostReport>> reports) {
        int done = 0;
        int failed = 0;
        for (Host host : hosts) {
            Optional<HostReport> report = reports.apply(host.id());
            if (report.filter(r -> runs(r, rollout)).isPresent()) {
                done++;
            } else if (report.filter(r -> failed(r, rollout)).isPresent()) {
                failed++;
            }
        }
        return new Progress(stateOf(hosts.size(), done, failed), hosts.size(), done, failed);
    }

    private static State stateOf(int hosts, int done, int failed) {
        if (hosts == 0) {
            return State.SUPERSEDED;
        }
        if (done == hosts) {
            return State.DONE;
        }
        return done + failed == hosts ? State.FAILED : State.RUNNING;
    }

    /// A report of a time before the rollout says nothing of it, and the failure of another name is none of this one.
    private static boolean failed(HostReport report, Rollout rollout) {
        HostReport.Work work = report.work().get(rollout.name());
        HostReport.Image image = report.images().wanted().get(rollout.name());
        return work != null
                && work.state() == HostReport.State.FAILED
                && image != null
                && image.release().equals(rollout.release());
    }

    static boolean runs(HostReport report, Rollout rollout) {
        HostReport.Image image = report.images().running().get(rollout.name());
        return image != null && image.release().equals(rollout.release());
    }
}
