package dev.muster.agent;

import dev.muster.agent.activate.Activator;
import dev.muster.agent.delivery.AddressBook;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.delivery.SwarmProgress;
import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.document.Documents;
import dev.muster.agent.enrol.Member;
import dev.muster.agent.keep.Keeper;
import dev.muster.agent.limit.Throttle;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.Presence;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Says what this host is and does: to everybody in the cluster, and signed to a coordinator. Renews the
/// certificate when two thirds of its life are over. Once a second while something goes on, else every few.
final class Heartbeat implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int PEERS_MIN = 4;
    private static final Duration RENEW_AGAIN = Duration.ofMinutes(1);

    private final Member member;
    private final PeerNetwork network;
    private final Fleet fleet;
    private final Parts parts;
    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms();
    private final Thread publishing;
    private final Thread reporting;
    private long renewAgain;

    Heartbeat(Member member, PeerNetwork network, Fleet fleet, Parts parts) {
        this.member = member;
        this.network = network;
        this.fleet = fleet;
        this.parts = parts;
        this.publishing = Thread.ofVirtual().name("presence").unstarted(this::publish);
        this.reporting = Thread.ofVirtual().name("reports").unstarted(this::report);
    }

    /// Of what the host says something.
    record Parts(
            Activator activator, Swarms swarms, Delivery delivery, Keeper keeper, Documents documents, Around around) {}

    /// Whom this host knows, and how much it may say to them.
    record Around(AddressBook book, SiteShare share, Throttle throttle) {}

    /// What the host has done; a change is reported at once.
    private record Moment(Activator.Snapshot activity, Set<ManifestId> whole) {
        boolean isOtherThan(Moment before) {
            return activity.state() != before.activity.state()
                    || !activity.running().equals(before.activity.running())
                    || !whole.equals(before.whole);
        }
    }

    private Moment moment() {
        return new Moment(parts.activator.snapshot(), parts.delivery.whole());
    }

    void start() {
        publishing.start();
        reporting.start();
    }

    @Override
    public void close() {
        publishing.interrupt();
        reporting.interrupt();
    }

    /// What the host would report now.
    HostReport now() {
        return now(clock.millis(), Map.of());
    }

    private HostReport now(long counter, Map<String, Long> from) {
        return Report.of(
                member.enrolled().host(),
                counter,
                new HostReport.Place(
                        network.address().toString(), member.enrolled().site()),
                parts.activator.snapshot(),
                stock(),
                Report.effort(parts.swarms.traffic(), from, parts.around.throttle.allowed(), complaint()),
                clock.millis());
    }

    /// What keeps it from serving, else what it is to be told of what it believes.
    private String complaint() {
        String serving = parts.swarms.serving().complaint();
        return serving.isEmpty() ? String.join("; ", parts.documents.alarms()) : serving;
    }

    /// What is kept on purpose first: there may be more than a report has room for.
    private HostReport.Stock stock() {
        Set<ManifestId> kept = parts.keeper.manifests();
        List<ManifestId> whole = parts.delivery.whole().stream()
                .sorted(Comparator.comparing(manifest -> !kept.contains(manifest)))
                .toList();
        return HostReport.Stock.of(parts.keeper.rule(), whole);
    }

    List<SwarmProgress> progress() {
        return parts.swarms.progress();
    }

    private void publish() {
        Outcome outcome = new Outcome("presence");
        try {
            while (true) {
                try {
                    fleet.publish(presence());
                    parts.around.share.update(fleet.present());
                    setBackground();
                    outcome.good();
                } catch (IllegalArgumentException e) {
                    outcome.bad(e); // Labels are said by a coordinator, and this host may not be able to use them.
                }
                Thread.sleep(BEAT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is here only to be kept goes after what anybody wants.
    private void setBackground() {
        Set<ManifestId> kept = new HashSet<>(parts.keeper.manifests());
        kept.removeAll(parts.activator.manifests());
        parts.swarms.serving().background(kept);
    }

    private Presence presence() {
        List<Presence.Part> taken = parts.swarms.progress().stream()
                .limit(Presence.PARTS_MAX)
                .map(each -> new Presence.Part(
                        each.manifest(), each.chunks().have(), each.chunks().all()))
                .toList();
        return new Presence(
                Presence.Kind.AGENT,
                new PeerAddress(member.enrolled().host(), member.enrolled().site(), network.address()),
                Optional.empty(),
                member.enrolled().labels(),
                parts.documents.revision(),
                taken);
    }

    private void report() {
        Outcome outcome = new Outcome("report");
        long counter = 0;
        try {
            while (true) {
                Moment before = moment();
                counter = Math.max(counter + 1, clock.millis());
                alarms.look(parts.documents.alarms());
                try {
                    renew();
                    Map<String, Long> from = parts.swarms.takeTrafficByPeer();
                    member.relabel(member.upstream().report(now(counter, from).sign(member.key())));
                    askForPeers();
                    outcome.good();
                } catch (IOException | IllegalArgumentException e) {
                    outcome.bad(e);
                }
                HostReport.State state = before.activity.state();
                boolean quiet = state == HostReport.State.READY || state == HostReport.State.HELD;
                sleep(quiet ? QUIET : BEAT, before);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// A host that knows hardly anybody asks a coordinator who there is.
    private void askForPeers() throws IOException, InterruptedException {
        if (network.links() < PEERS_MIN) {
            member.upstream().peers(member.enrolled().site()).forEach(parts.around.book::hear);
        }
    }

    private void renew() throws IOException {
        if (member.renewAt() <= clock.millis() && renewAgain <= clock.millis()) {
            renewAgain = clock.millis() + RENEW_AGAIN.toMillis();
            member.renew();
        }
    }

    /// Sleeps for so long, or until the host runs, does or has something else.
    private void sleep(Duration most, Moment before) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < until) {
            Thread.sleep(Math.min(BEAT.toMillis() / 4, most.toMillis()));
            if (moment().isOtherThan(before)) {
                return;
            }
        }
    }
}
