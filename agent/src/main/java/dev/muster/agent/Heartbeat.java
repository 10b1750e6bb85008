package dev.muster.agent;

import dev.muster.agent.activate.Activator;
import dev.muster.agent.delivery.SwarmProgress;
import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.document.Documents;
import dev.muster.agent.enrol.Member;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.Presence;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Says what this host is and does: to everybody in the cluster, and signed to a coordinator. Renews the certificate
/// when
/// two thirds of its life are over. Once a second while something goes on, else every few.
final class Heartbeat implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration RENEW_AGAIN = Duration.ofMinutes(1);

    private final Member member;
    private final PeerNetwork network;
    private final Fleet fleet;
    private final Activator activator;
    private final Swarms swarms;
    private final Documents documents;
    private final InstantSource clock = InstantSource.system();
    private final Thread publishing;
    private final Thread reporting;
    private long renewAgain;

    Heartbeat(
            Member member, PeerNetwork network, Fleet fleet, Activator activator, Swarms swarms, Documents documents) {
        this.member = member;
        this.network = network;
        this.fleet = fleet;
        this.activator = activator;
        this.swarms = swarms;
        this.documents = documents;
        this.publishing = Thread.ofVirtual().name("presence").unstarted(this::publish);
        this.reporting = Thread.ofVirtual().name("reports").unstarted(this::report);
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
        return now(clock.millis());
    }

    private HostReport now(long counter) {
        return Report.of(
                member.enrolled().host(),
                counter,
                new HostReport.Place(
                        network.address().toString(), member.enrolled().site()),
                activator.snapshot(),
                swarms.traffic(),
                clock.millis());
    }

    List<SwarmProgress> progress() {
        return swarms.progress();
    }

    private void publish() {
        Outcome outcome = new Outcome("presence");
        try {
            while (true) {
                try {
                    fleet.publish(presence());
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

    private Presence presence() {
        List<Presence.Part> parts = swarms.progress().stream()
                .limit(Presence.PARTS_MAX)
                .map(each -> new Presence.Part(each.manifest(), each.have(), each.chunks()))
                .toList();
        return new Presence(
                Presence.Kind.AGENT,
                new PeerAddress(member.enrolled().host(), member.enrolled().site(), network.address()),
                Optional.empty(),
                member.enrolled().labels(),
                documents.revision(),
                parts);
    }

    private void report() {
        Outcome outcome = new Outcome("report");
        long counter = 0;
        try {
            while (true) {
                Activator.Snapshot before = activator.snapshot();
                counter = Math.max(counter + 1, clock.millis());
                try {
                    renew();
                    member.relabel(member.upstream().report(now(counter).sign(member.key())));
                    outcome.good();
                } catch (IOException | IllegalArgumentException e) {
                    outcome.bad(e);
                }
                boolean quiet = before.state() == HostReport.State.READY || before.state() == HostReport.State.HELD;
                sleep(quiet ? QUIET : BEAT, before);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() throws IOException {
        if (member.renewAt() <= clock.millis() && renewAgain <= clock.millis()) {
            renewAgain = clock.millis() + RENEW_AGAIN.toMillis();
            member.renew();
        }
    }

    /// Sleeps for so long, or until the host runs or does something else.
    private void sleep(Duration most, Activator.Snapshot before) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < until) {
            Thread.sleep(Math.min(BEAT.toMillis() / 4, most.toMillis()));
            Activator.Snapshot now = activator.snapshot();
            if (now.state() != before.state() || !now.running().equals(before.running())) {
                return;
            }
        }
    }
}
