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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
    private static final Logger LOG = System.getLogger(Heartbeat.class.getName());

    private final Member member;
    private final PeerNetwork network;
    private final Fleet fleet;
    private final Activator activator;
    private final Swarms swarms;
    private final Documents documents;
    private final InstantSource clock = InstantSource.system();
    private final Thread publishing;
    private final Thread reporting;

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

    /// What the host has to report now.
    ///
    /// @param after the counter of the report before
    HostReport now(long after) {
        long millis = clock.millis();
        return Report.of(
                member.enrolled().host(),
                Math.max(after + 1, millis),
                new HostReport.Place(
                        network.address().toString(), member.enrolled().site()),
                activator.snapshot(),
                swarms.traffic(),
                millis);
    }

    List<SwarmProgress> progress() {
        return swarms.progress();
    }

    private void publish() {
        try {
            while (true) {
                fleet.publish(presence());
                Thread.sleep(BEAT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Presence presence() {
        List<Presence.Part> parts = swarms.progress().stream()
                .limit(Presence.PARTS_MAX)
                .map(each -> new Presence.Part(
                        each.manifest(), each.chunks().have(), each.chunks().all()))
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
        long counter = 0;
        long renewAgain = 0;
        try {
            while (true) {
                HostReport report = now(counter);
                counter = report.origin().counter();
                try {
                    if (member.renewAt() <= clock.millis() && renewAgain <= clock.millis()) {
                        renewAgain = clock.millis() + RENEW_AGAIN.toMillis();
                        member.renew();
                    }
                    member.relabel(member.upstream().report(report.sign(member.key())));
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "no report: cause={0}", e.getMessage());
                }
                boolean quiet = report.state() == HostReport.State.READY || report.state() == HostReport.State.HELD;
                sleep(quiet ? QUIET : BEAT, report);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sleeps for so long, or until the host runs or does something else.
    private void sleep(Duration most, HostReport reported) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < until) {
            Thread.sleep(Math.min(BEAT.toMillis() / 4, most.toMillis()));
            Activator.Snapshot now = activator.snapshot();
            if (now.state() != reported.state()
                    || !now.running().equals(reported.images().running())) {
                return;
            }
        }
    }
}
