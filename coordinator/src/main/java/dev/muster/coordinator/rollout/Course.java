package dev.muster.coordinator.rollout;

import dev.muster.coordinator.enrol.Host;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.HostReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the reports of hosts say of a rollout beyond how many are done: the least time that it can take, and
/// what holds it up. Pure.
///
/// What a host's link can do is its label `link` (`1Gbit`), else the most that it was seen to move one way, and
/// never more than its operator allows; what a WAN link can do is the most that was seen to cross it.
///
/// @param all every host of the fleet, by id
/// @param heard the newest of each
/// @param wan the most that crossed the WAN link of each site, 0 if nothing did
record Course(
        Map<String, Host> all, Function<String, Optional<HostBoard.Heard>> heard, Map<String, Capacity.Link> wan) {
    /// The label with what people call a host.
    private static final String NAME = "name";

    private static final int BRIEF = 12;

    /// From this load on, in hundredths, processors are what is waited for.
    private static final int CPU_FULL = 90;

    /// The hosts that have all of an image.
    static Set<String> holders(Collection<Host> all, ManifestId manifest, HostBoard board) {
        return all.stream()
                .map(Host::id)
                .filter(id -> board.newest(id)
                        .filter(heard -> heard.report().images().stock().has(manifest))
                        .isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What people call a host.
    static String nameOf(Host host) {
        String name = host.membership().labels().getOrDefault(NAME, "");
        return name.isEmpty() ? host.id().substring(0, Math.min(BRIEF, host.id().length())) : name;
    }

    /// @param sources the hosts that had the image when the rollout began
    /// @param decided those that are to run it
    Optional<Bound> bound(Rollout rollout, Set<String> sources, Collection<Host> decided) {
        long wire = decided.stream()
                .flatMap(host -> work(host, rollout).stream())
                .mapToLong(HostReport.Work::wire)
                .max()
                .orElse(0);
        Map<String, Bound.Host> hosts = new TreeMap<>();
        for (String source : sources) {
            Host host = all.get(source);
            if (host != null) {
                hosts.put(source, part(host, true));
            }
        }
        decided.forEach(host -> hosts.putIfAbsent(host.id(), part(host, false)));
        if (wire == 0) {
            return Optional.empty();
        }
        Map<String, Bound.Rates> rates = new TreeMap<>();
        wan.forEach((site, link) -> rates.put(site, link.rates()));
        return Bound.of(wire, hosts.values(), rates);
    }

    private Bound.Host part(Host host, boolean source) {
        return new Bound.Host(nameOf(host), host.membership().site(), source, rates(host));
    }

    private Bound.Rates rates(Host host) {
        return Capacity.rates(host, heard.apply(host.id()));
    }

    /// What holds it up: disks or processors, where most of those that are not done wait for them, else a link.
    String bottleneck(Rollout rollout, Collection<Host> decided, Optional<Bound> bound) {
        List<Host> open = new ArrayList<>();
        for (Host host : decided) {
            if (heard.apply(host.id())
                    .filter(each -> !Progress.runs(each.report(), rollout))
                    .isPresent()) {
                open.add(host);
            }
        }
        List<Host> slow = open.isEmpty() ? last(rollout, decided) : open;
        List<Host> writing =
                slow.stream().filter(host -> isMostlyWriting(host, rollout)).toList();
        List<Host> busy = slow.stream()
                .filter(host -> heard.apply(host.id())
                        .filter(each -> each.report().effort().cpu() >= CPU_FULL)
                        .isPresent())
                .toList();
        if (!busy.isEmpty() && 2 * busy.size() > slow.size()) {
            return "CPU of " + described(busy);
        }
        if (!writing.isEmpty() && 2 * writing.size() > slow.size()) {
            return "disk of " + described(writing);
        }
        return bound.map(Bound::bottleneck).orElse("");
    }

    private static String described(List<Host> hosts) {
        String first = nameOf(hosts.getFirst());
        return hosts.size() == 1 ? first : hosts.size() + " hosts, first " + first;
    }

    private List<Host> last(Rollout rollout, Collection<Host> decided) {
        return decided.stream()
                .max(Comparator.comparingLong(host ->
                        work(host, rollout).map(work -> work.times().finished()).orElse(0L)))
                .stream()
                .toList();
    }

    /// Whether it writes now, or, being done, wrote for longer than it fetched.
    private boolean isMostlyWriting(Host host, Rollout rollout) {
        Optional<HostReport.Work> work = work(host, rollout);
        if (work.isEmpty()) {
            return false;
        }
        HostReport.Times times = work.get().times();
        return times.finished() == 0
                ? work.get().state() == HostReport.State.WRITING
                : times.fetched() > 0 && times.finished() - times.fetched() > times.fetched() - times.started();
    }

    private Optional<HostReport.Work> work(Host host, Rollout rollout) {
        return heard.apply(host.id())
                .flatMap(each -> Optional.ofNullable(each.report().work().get(rollout.name())));
    }

    /// What crosses the WAN link of each site now, in bytes a second.
    Map<String, Crossing> crossings() {
        Map<String, Crossing> crossings = new HashMap<>();
        for (Host host : all.values()) {
            if (host.revoked()) {
                continue;
            }
            String site = host.membership().site();
            heard.apply(host.id())
                    .ifPresent(each -> each.pace().from().forEach((peer, rate) -> {
                        Host other = all.get(peer);
                        if (other != null
                                && !other.revoked()
                                && !other.membership().site().equals(site)) {
                            crossings.merge(site, new Crossing(rate, 0), Crossing::plus);
                            crossings.merge(other.membership().site(), new Crossing(0, rate), Crossing::plus);
                        }
                    }));
        }
        return crossings;
    }

    /// Bytes a second into a site and out of it.
    record Crossing(long in, long out) {
        Crossing plus(Crossing other) {
            return new Crossing(sum(in, other.in), sum(out, other.out));
        }

        /// As far as a rate can be: one report that says too much must not turn the sum into little.
        private static long sum(long one, long other) {
            return Math.min(Capacity.RATE_MAX, Math.min(Capacity.RATE_MAX, one) + Math.min(Capacity.RATE_MAX, other));
        }
    }

    /// How long a rollout has taken until now.
    static Duration since(Rollout rollout, long now) {
        return Duration.ofMillis(Math.max(0, now - rollout.created()));
    }
}
