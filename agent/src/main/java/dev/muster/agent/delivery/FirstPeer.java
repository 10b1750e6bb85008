package dev.muster.agent.delivery;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.MusterException.Unreachable;
import java.time.Duration;
import java.util.function.IntSupplier;

/// How long is waited for somebody who has what is asked for: an agent that has just started knows nobody yet. For one
/// thread and one question.
final class FirstPeer {
    /// For any peer.
    private static final Duration LONELY = Duration.ofSeconds(20);

    /// From the first peer on, for one that has it.
    private static final Duration AMONG_PEERS = Duration.ofSeconds(3);

    private static final long LOOK_AGAIN_MILLIS = 250;

    /// What an operator who knows no better is told.
    private static final String SEE = "; see who has it: muster images";

    private final IntSupplier peers;
    private final Progress progress;
    private final Duration lonely;
    private final Duration among;
    private final long began = System.nanoTime();
    private long met = began;
    private String said = "";

    /// @param peers how many are connected now
    /// @param patience nothing is waited for longer than this
    FirstPeer(IntSupplier peers, Progress progress, Duration patience) {
        this.peers = peers;
        this.progress = progress;
        this.lonely = patience.compareTo(LONELY) < 0 ? patience : LONELY;
        this.among = patience.compareTo(AMONG_PEERS) < 0 ? patience : AMONG_PEERS;
    }

    /// Nobody has it now: waits a little, so that it may be asked for again.
    ///
    /// @throws Unreachable if that was in vain for long enough, saying why and what to do
    void await(Unreachable failure) throws Unreachable, InterruptedException {
        long now = System.nanoTime();
        boolean alone = peers.getAsInt() == 0;
        met = alone ? now : met;
        if (alone && now - began >= lonely.toNanos()) {
            throw new Unreachable(
                    failure.getMessage() + "; expected a first peer within " + lonely.toSeconds()
                            + " s, found none: no other agent runs, or this one does not reach their address; see: "
                            + "muster status",
                    failure);
        }
        if (!alone && now - met >= among.toNanos()) {
            throw new Unreachable(failure.getMessage() + SEE, failure);
        }
        String phase = alone ? "wait for a first peer" : "wait for a peer that has it";
        if (!phase.equals(said)) {
            progress.phase(phase, 0);
            said = phase;
        }
        progress.advance(0);
        Thread.sleep(LOOK_AGAIN_MILLIS);
    }
}
