package dev.muster.coordinator.rollout;

import dev.muster.coordinator.enrol.Host;
import dev.muster.protocol.config.Units;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.HostReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What the links of a fleet can do, as far as it is known: what a forecast is made of. Bytes a second; 0 is not known.
///
/// @param wan of each site of which anything is known
public record Capacity(List<Member> hosts, SortedMap<String, Link> wan) {
    /// No link that a report or a label may speak of does more: 1 Tbit/s.
    static final long RATE_MAX = 125_000_000_000L;

    /// The label with what a host's link can do.
    private static final String LINK = "link";

    private static final Comparator<Member> ORDER =
            Comparator.comparing(Member::site).thenComparing(Member::name).thenComparing(Member::id);

    /// How a capacity is known.
    public enum Known {
        /// The host has the label `link`.
        LABEL,
        /// It was seen to move so much; it may well be able to move more.
        SEEN,
        /// Nothing but what its operator allows.
        LIMIT,
        UNKNOWN
    }

    /// What a host has of the image that is asked about.
    public enum Holding {
        NONE,
        WHOLE,
        /// All of it, and keeps it as long as it is not retired.
        KEPT
    }

    /// A host.
    ///
    /// @param name what people call it
    public record Member(String id, String name, String site, Link link, Known known, Holding holding) {
        Member with(Holding other) {
            return new Member(id, name, site, link, known, other);
        }
    }

    /// An image by its manifest, and what its releases are called.
    public record Image(String name, ManifestId manifest) {}

    /// What operators allow; 0 is all.
    public record Limit(long up, long down) {
        static final Limit NONE = new Limit(0, 0);
    }

    /// Of an interface, or of the link between a site and all others.
    ///
    /// @param up not more than the limit, as is `down`, nor than [#RATE_MAX]
    public record Link(long up, long down, Limit limit) {
        public Link {
            up = Math.clamp(lower(up, limit.up), 0, RATE_MAX);
            down = Math.clamp(lower(down, limit.down), 0, RATE_MAX);
        }

        Link(long up, long down) {
            this(up, down, Limit.NONE);
        }

        /// Of what was seen at two times.
        Link most(Link other) {
            return new Link(Math.max(up, other.up), Math.max(down, other.down), limit);
        }

        /// More than any can, where nothing is known.
        Bound.Rates rates() {
            return new Bound.Rates(up == 0 ? Long.MAX_VALUE : up, down == 0 ? Long.MAX_VALUE : down);
        }
    }

    /// What the hosts for whom it is meant can do, and those who have it.
    ///
    /// @param isMeant whether the image is for a host
    /// @param wiped as if those for whom it is meant had lost it, but for its keepers and, if nobody else
    ///     has it, one of them
    static Capacity of(Course course, Predicate<Host> isMeant, Optional<Image> image, boolean wiped) {
        List<Member> meant = new ArrayList<>();
        List<Member> others = new ArrayList<>();
        for (Host host : course.all().values()) {
            if (host.revoked()) {
                continue;
            }
            Member member = member(host, course.heard().apply(host.id()), image);
            (isMeant.test(host) ? meant : others).add(member);
        }
        others.removeIf(member -> member.holding == Holding.NONE);
        meant.sort(ORDER);
        if (wiped) {
            boolean orphaned = others.isEmpty() && meant.stream().noneMatch(each -> each.holding == Holding.KEPT);
            Optional<Member> last = meant.stream()
                    .filter(each -> orphaned && each.holding == Holding.WHOLE)
                    .findFirst();
            meant.replaceAll(each ->
                    each.holding == Holding.KEPT || last.filter(each::equals).isPresent()
                            ? each
                            : each.with(Holding.NONE));
        }
        meant.addAll(others);
        meant.sort(ORDER);
        return new Capacity(List.copyOf(meant), wan(course));
    }

    /// What was seen, and not more than the hosts of a site may send to all others together and receive from them.
    private static SortedMap<String, Link> wan(Course course) {
        SortedMap<String, Link> wan = new TreeMap<>();
        wan.putAll(course.wan());
        SortedMap<String, Long> allowed = new TreeMap<>();
        for (Host host : course.all().values()) {
            if (host.revoked()) {
                continue;
            }
            long rate = course.heard()
                    .apply(host.id())
                    .map(each -> each.report().effort().allowed().wan())
                    .orElse(0L);
            allowed.merge(host.membership().site(), rate, Capacity::lower);
        }
        long others = Math.max(1, allowed.size() - 1);
        allowed.forEach((site, rate) -> {
            if (rate > 0) {
                long all = Math.min(RATE_MAX, Math.min(RATE_MAX, rate) * others);
                Link seen = wan.getOrDefault(site, new Link(0, 0));
                wan.put(site, new Link(seen.up, seen.down, new Limit(all, all)));
            }
        });
        return wan;
    }

    private static Member member(Host host, Optional<HostBoard.Heard> heard, Optional<Image> image) {
        Holding holding = Holding.NONE;
        if (heard.isPresent() && image.isPresent()) {
            HostReport.Stock stock = heard.get().report().images().stock();
            if (stock.has(image.get().manifest)) {
                holding = stock.keeps().keeps(image.get().name) ? Holding.KEPT : Holding.WHOLE;
            }
        }
        return new Member(
                host.id(),
                Course.nameOf(host),
                host.membership().site(),
                link(host, heard),
                known(host, heard),
                holding);
    }

    /// What the links of a host can do; more than any can, where nothing is known.
    static Bound.Rates rates(Host host, Optional<HostBoard.Heard> heard) {
        return link(host, heard).rates();
    }

    private static Link link(Host host, Optional<HostBoard.Heard> heard) {
        long rate = labelled(host).orElse(seen(heard));
        HostReport.Allowed allowed =
                heard.map(each -> each.report().effort().allowed()).orElse(HostReport.Allowed.ANY);
        return new Link(rate, rate, new Limit(allowed.upload(), allowed.download()));
    }

    private static Known known(Host host, Optional<HostBoard.Heard> heard) {
        if (labelled(host).isPresent()) {
            return Known.LABEL;
        }
        if (seen(heard) > 0) {
            return Known.SEEN;
        }
        Link link = link(host, heard);
        return link.up == 0 && link.down == 0 ? Known.UNKNOWN : Known.LIMIT;
    }

    private static long seen(Optional<HostBoard.Heard> heard) {
        return heard.map(HostBoard.Heard::peak).orElse(0L);
    }

    private static Optional<Long> labelled(Host host) {
        try {
            return Optional.ofNullable(host.membership().labels().get(LINK))
                    .map(Units::bytesPerSecond)
                    .filter(rate -> rate > 0);
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // The label says something else.
        }
    }

    /// Of two rates of which 0 is none.
    private static long lower(long one, long other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }
}
