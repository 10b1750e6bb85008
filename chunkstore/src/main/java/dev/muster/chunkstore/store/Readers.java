package dev.muster.chunkstore.store;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Who is reading at the moment, so that what nobody can find any more is not given back under somebody who found it
/// before. No reader ever waits: two counters take turns, as in sleepable RCU (McKenney, "Sleepable RCU", 2006).
///
/// A reader [#enter]s before it looks in the index, and [#leave]s after its last read. Whoever has taken
/// something out of the index [#await]s: both counters are seen at zero after that, so everybody who had entered
/// by then has left. New readers go to one counter while the other drains, so the wait is bounded by the longest
/// read. It takes a turn for each counter, because a reader that was held up before it counted itself may do so
/// late, in the counter whose turn is over.
final class Readers {
    private static final long PAUSE_NANOS = 200_000;

    private final AtomicInteger[] reading = {new AtomicInteger(), new AtomicInteger()};
    private volatile int turn;

    /// @return what to leave with
    int enter() {
        return enter(turn);
    }

    /// As [#enter], for one who has seen some time ago whose turn it is.
    int enter(int counter) {
        reading[counter].incrementAndGet();
        return counter;
    }

    /// The counter for those who enter now.
    int turn() {
        return turn;
    }

    void leave(int entered) {
        reading[entered].decrementAndGet();
    }

    /// Returns when everybody who entered before has left. For one thread at a time.
    void await() {
        drain(1 - turn);
        int over = turn;
        turn = 1 - over;
        drain(over);
    }

    private void drain(int counter) {
        while (reading[counter].get() > 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
