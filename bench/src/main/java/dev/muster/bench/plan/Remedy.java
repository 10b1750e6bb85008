package dev.muster.bench.plan;

import dev.muster.coordinator.rollout.Bound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Twice of something, and what it would be good for.
///
/// @param what of which there were twice as much: `WAN link into east`
/// @param how to get it without a faster link, for people; or empty
/// @param bound the least time that there would be then
public record Remedy(String what, String how, Bound bound) {
    /// What lowers the bound by less is none.
    private static final double WORTH = 0.95;

    private static final int NAMES_MAX = 3;

    /// Of so many WAN links, the slowest, it is asked what twice of one would be good for.
    static final int WAN_MAX = 8;

    /// The one that lowers the bound most; the first of several.
    static Optional<Remedy> best(Plan.Parts parts, long bytes, Bound now) {
        return all(parts, bytes).stream()
                .min(Comparator.comparing(remedy -> remedy.bound.time()))
                .filter(best -> best.bound.time().toNanos() < WORTH * now.time().toNanos());
    }

    private static List<Remedy> all(Plan.Parts parts, long bytes) {
        List<Remedy> all = new ArrayList<>();
        TreeSet<String> origins = parts.hosts().stream()
                .filter(Bound.Host::source)
                .map(Bound.Host::site)
                .collect(Collectors.toCollection(TreeSet::new));
        String names = parts.hosts().stream()
                .filter(Bound.Host::source)
                .map(Bound.Host::id)
                .limit(NAMES_MAX)
                .collect(Collectors.joining(", "));
        all.add(new Remedy(
                "upload of " + names,
                "more hosts that have the image before: muster publish --copies 2, or keepers (store.keep)",
                hosts(parts, Bound.Host::source, Remedy::up).bound(bytes)));
        parts.hosts().stream()
                .filter(host -> !host.source())
                .min(Comparator.comparingLong(host -> host.rates().down()))
                .ifPresent(slow -> all.add(new Remedy(
                        "download of " + slow.id(),
                        "leave it to a rollout of its own",
                        hosts(parts, host -> host.id().equals(slow.id()), Remedy::down)
                                .bound(bytes))));
        for (String site : slowest(parts, origins)) {
            boolean origin = origins.contains(site);
            all.add(new Remedy(
                    origin ? "WAN link out of " + site : "WAN link into " + site,
                    origin
                            ? "a keeper in another site (store.keep), which has the image before"
                            : "a keeper in " + site + " (store.keep), which has the image before",
                    wan(parts, site::equals, origin ? Remedy::up : Remedy::down).bound(bytes)));
        }
        all.add(new Remedy(
                "upload of all hosts", "", hosts(parts, _ -> true, Remedy::up).bound(bytes)));
        all.add(new Remedy(
                "download of all hosts",
                "",
                hosts(parts, _ -> true, Remedy::down).bound(bytes)));
        all.add(new Remedy(
                "rate of all WAN links",
                "",
                wan(wan(parts, _ -> true, Remedy::up), _ -> true, Remedy::down).bound(bytes)));
        return all;
    }

    /// The sites with the slowest WAN links, in the direction in which the image goes.
    static List<String> slowest(Plan.Parts parts, Set<String> origins) {
        return parts.wan().entrySet().stream()
                .sorted(Comparator.comparingLong(link -> origins.contains(link.getKey())
                        ? link.getValue().up()
                        : link.getValue().down()))
                .limit(WAN_MAX)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Plan.Parts hosts(Plan.Parts parts, Predicate<Bound.Host> which, UnaryOperator<Bound.Rates> change) {
        List<Bound.Host> changed = parts.hosts().stream()
                .map(host -> which.test(host)
                        ? new Bound.Host(host.id(), host.site(), host.source(), change.apply(host.rates()))
                        : host)
                .toList();
        return new Plan.Parts(changed, parts.wan());
    }

    private static Plan.Parts wan(Plan.Parts parts, Predicate<String> which, UnaryOperator<Bound.Rates> change) {
        SequencedMap<String, Bound.Rates> changed = new LinkedHashMap<>(parts.wan());
        changed.replaceAll((site, rates) -> which.test(site) ? change.apply(rates) : rates);
        return new Plan.Parts(parts.hosts(), changed);
    }

    private static Bound.Rates up(Bound.Rates rates) {
        return new Bound.Rates(twice(rates.up()), rates.down());
    }

    private static Bound.Rates down(Bound.Rates rates) {
        return new Bound.Rates(rates.up(), twice(rates.down()));
    }

    private static long twice(long rate) {
        return rate > Long.MAX_VALUE / 2 ? rate : 2 * rate;
    }
}
