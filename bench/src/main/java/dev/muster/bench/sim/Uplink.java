package dev.muster.bench.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/// What a host sends: some frames of each answer in turn. They take up the interface of its sender, the WAN links
/// between the sites, and the interface of its receiver, each as soon as its first byte comes and they are free.
final class Uplink {
    private static final Duration DRIP = Duration.ofSeconds(1);

    private final Timeline timeline;
    private final SimulatedHost host;
    private final Simulation simulation;
    private final Pipe pipe;
    private final Queue<Flow> ready = new ArrayDeque<>();
    private boolean busy;

    Uplink(SimulatedHost host, Simulation simulation, long bytesPerSecond) {
        this.host = host;
        this.simulation = simulation;
        this.timeline = simulation.timeline();
        this.pipe = new Pipe(bytesPerSecond);
    }

    long bytes() {
        return pipe.bytes();
    }

    void send(Flow flow) {
        ready.add(flow);
        pump();
    }

    private void pump() {
        while (!busy && host.isAlive()) {
            Flow flow = ready.poll();
            if (flow == null) {
                return;
            }
            if (flow.cancelled || !flow.link.isUp()) {
                host.sent(flow);
            } else {
                sendFrames(flow);
            }
        }
    }

    private void sendFrames(Flow flow) {
        int frames = flow.take(simulation.framesAtOnce());
        boolean extra = frames == 0;
        int count = extra ? simulation.framesAtOnce() : Integer.bitCount(frames);
        long bytes = count * simulation.frameBytes();
        long now = timeline.now();
        Pipe.Passage gone = pipe.pass(new Pipe.Passage(now, now), bytes);
        busy = true;
        boolean near = flow.link.isNear();
        timeline.at(gone.last(), () -> {
            busy = false;
            if (near) {
                goOn(flow);
            }
            pump();
        });
        Sent sent = new Sent(flow, frames, bytes);
        if (near) {
            arrive(sent, gone);
        } else {
            leaveSite(sent, gone);
        }
    }

    /// Frames of an answer that are on their way together; none of one that was never asked for.
    private record Sent(Flow flow, int frames, long bytes) {}

    private void leaveSite(Sent sent, Pipe.Passage passage) {
        Pipe.Passage gone = host.site.out.pass(passage, sent.bytes);
        timeline.at(gone.first(), () -> enterSite(sent, gone));
    }

    private void enterSite(Sent sent, Pipe.Passage passage) {
        Pipe.Passage come = sent.flow.link.end(host).site.in.pass(passage, sent.bytes);
        timeline.at(come.last(), () -> goOn(sent.flow));
        timeline.at(come.first(), () -> arrive(sent, come));
    }

    private void arrive(Sent sent, Pipe.Passage passage) {
        SimulatedHost to = sent.flow.link.end(host);
        long come = to.receive(passage, sent.bytes) + simulation.latency(sent.flow.link);
        timeline.at(come, () -> to.come(sent.flow, sent.frames, host));
    }

    private void goOn(Flow flow) {
        boolean done = flow.left == 0 || (host.hostility == Hostility.STALL && Integer.bitCount(flow.left) == 1);
        if (host.hostility == Hostility.ENDLESS && flow.link.isUp() && !flow.cancelled) {
            send(flow);
        } else if (done) {
            host.sent(flow);
        } else if (host.hostility == Hostility.DRIP) {
            timeline.in(DRIP.toNanos(), () -> send(flow));
        } else {
            send(flow);
        }
    }
}
