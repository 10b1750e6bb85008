package dev.muster.coordinator.rollout;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Wave;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;

/// What operators order of releases, one order at a time: so no pin ever orders a release that is retired. Safe for
/// threads.
public final class Orders {
    private static final String GROUP = "group ";

    private final Catalog catalog;
    private final Director director;
    private final Rollouts rollouts;
    private final Groups groups;

    public Orders(Catalog catalog, Director director, Rollouts rollouts, Groups groups) {
        this.catalog = catalog;
        this.director = director;
        this.rollouts = rollouts;
        this.groups = groups;
    }

    /// Makes a pin: see [Director#pin].
    ///
    /// @throws Refused [Reason#RETIRED] if it orders a retired release
    public synchronized Signed<Pin> pin(Wish wish) throws IOException {
        if (wish.order() instanceof Order.Run(Hash release)) {
            checkLive(release);
        }
        Map<Rollout, Standing> underWay = rollouts.underWay(wish.name());
        Signed<Pin> pin = director.pin(wish);
        rollouts.end(underWay);
        return pin;
    }

    /// Starts a rollout: see [Rollouts#start].
    ///
    /// @throws Refused [Reason#RETIRED] if the release is retired
    public synchronized Rollout start(Group group, Signed<Release> release) throws IOException {
        checkLive(release.hash());
        Map<Rollout, Standing> underWay =
                rollouts.underWay(release.document().name().name());
        Rollout rollout = rollouts.start(group, release);
        rollouts.end(underWay);
        return rollout;
    }

    /// Makes a pin for all hosts of a group: to run a release, or what other groups of theirs say.
    ///
    /// @throws Refused [Reason#RETIRED] if it orders a retired release
    public synchronized Signed<Pin> pin(Group group, String name, Order order) throws IOException {
        return pin(new Wish(name, group, order, Wave.all(), isBack(group, name, order)));
    }

    /// Whether the hosts of the group are to run an older release than before.
    private boolean isBack(Group group, String name, Order order) {
        long to = order.ordered().map(this::counter).orElse(Long.MAX_VALUE);
        return director.pins().stream()
                .map(Signed::document)
                .filter(pin -> pin.name().equals(name) && pin.scope().equals(group.scope()))
                .flatMap(pin -> pin.order().ordered().stream())
                .reduce((older, newer) -> newer)
                .filter(release -> counter(release) > to)
                .isPresent();
    }

    private long counter(Hash release) {
        return catalog.release(release)
                .map(signed -> signed.document().counter())
                .orElse(0L);
    }

    /// Lets the release go.
    ///
    /// @throws Refused [Reason#PINNED] if a pin orders it, naming for whom
    public synchronized void retire(Signed<Release> release) throws IOException {
        for (Signed<Pin> pin : director.pins()) {
            if (pin.document().order() instanceof Order.Run(Hash ordered) && ordered.equals(release.hash())) {
                throw pinned(release.document(), pin.document().scope());
            }
        }
        if (!catalog.isRetired(release.hash())) {
            keep(release, new Order.Retire(release.hash()));
        }
    }

    /// Takes that back.
    public synchronized void bringBack(Signed<Release> release) throws IOException {
        if (director.isRetired(release.hash())) {
            keep(release, new Order.BringBack(release.hash()));
        }
    }

    private void keep(Signed<Release> release, Order order) throws IOException {
        String name = release.document().name().name();
        Signed<Pin> _ = director.pin(new Wish(name, Group.ALL, order, Wave.all(), false));
    }

    private void checkLive(Hash hash) throws Refused {
        if (catalog.isRetired(hash)) {
            String name = catalog.release(hash)
                    .map(release -> release.document().name().toString())
                    .orElse(hash.toString());
            if (!director.isRetired(hash)) {
                throw new Refused(
                        Reason.REVOKED,
                        "release " + name + ": expected one that the release keys have not taken back, found that they"
                                + " have");
            }
            throw new Refused(
                    Reason.RETIRED,
                    "release " + name + ": expected one that is not retired, found that it is; to bring it back: "
                            + "muster image retire " + name + " --undo");
        }
    }

    private Refused pinned(Release release, Scope scope) {
        String name = release.name().name();
        String next = catalog.all().stream()
                .filter(other -> other.document().name().name().equals(name))
                .filter(other -> !other.document().name().equals(release.name()) && !catalog.isRetired(other.hash()))
                .max(Comparator.comparingLong(other -> other.document().counter()))
                .map(other -> other.document().name().toString())
                .orElse(name + ":NEXT");
        String group = nameOf(scope);
        return new Refused(
                Reason.PINNED,
                "release " + release.name() + ": expected no pin that orders it, found one for " + group
                        + "; to move its hosts on: muster rollout start " + next + " --group "
                        + (group.startsWith(GROUP) ? group.substring(GROUP.length()) : "GROUP"));
    }

    /// The group that has this scope now; else what the scope says.
    private String nameOf(Scope scope) {
        return groups.all().stream()
                .filter(group -> group.scope().equals(scope))
                .findFirst()
                .map(group -> GROUP + group.name())
                .orElseGet(() -> switch (scope) {
                    case Scope.Match(var labels) -> "hosts with " + labels;
                    case Scope.Hosts(var hosts) -> hosts.size() + " hosts, first " + hosts.getFirst();
                });
    }
}
