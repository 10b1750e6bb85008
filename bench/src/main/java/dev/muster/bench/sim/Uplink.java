package dev.muster.bench.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/// What a host sends: a piece of each answer in turn. A piece takes up the interface of its sender, the WAN links
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
                sendPiece(flow);
            }
        }
    }

    private void sendPiece(Flow flow) {
        int frames = flow.take(simulation.framesPerPiece());
        boolean extra = frames == 0;
        int count = extra ? simulation.framesPerPiece() : Integer.bitCount(frames);
        long bytes = count * simulation.frameBytes();
        long now = timeline.now();
        long gone = pipe.pass(now, now, bytes);
        SimulatedHost to = flow.link.end(host);
        long passed = gone;
        if (!flow.link.isNear()) {
            passed = to.site.in.pass(now, host.site.out.pass(now, gone, bytes), bytes);
        }
        long come = to.receive(now, passed, bytes) + simulation.latency(flow.link);
        busy = true;
        boolean near = flow.link.isNear();
        timeline.at(gone, () -> {
            busy = false;
            if (near) {
                goOn(flow);
            }
            pump();
        });
        if (!near) {
            timeline.at(passed, () -> goOn(flow));
        }
        timeline.at(come, () -> to.come(flow, frames, host));
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
