package dev.muster.bench.sim;

import java.util.Arrays;

/// Virtual time and what is due in it: a binary heap over plain arrays, in the order of time and, at the same time, of
/// being put in.
final class Timeline {
    private long[] times = new long[1024];
    private long[] turns = new long[1024];
    private Runnable[] actions = new Runnable[1024];
    private int size;
    private long turn;
    private long now;

    /// Nanoseconds since the start.
    long now() {
        return now;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void in(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    void at(long time, Runnable action) {
        if (time < now) {
            throw new IllegalArgumentException("due " + (now - time) + " ns ago");
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            turns = Arrays.copyOf(turns, 2 * size);
            actions = Arrays.copyOf(actions, 2 * size);
        }
        int hole = size++;
        while (hole > 0 && time < times[(hole - 1) / 2]) {
            move((hole - 1) / 2, hole);
            hole = (hole - 1) / 2;
        }
        put(hole, time, turn++, action);
    }

    /// Does what is due next.
    void step() {
        now = times[0];
        Runnable action = actions[0];
        size--;
        long time = times[size];
        long last = turns[size];
        Runnable moved = actions[size];
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && isBefore(times[child + 1], turns[child + 1], child)) {
                child++;
            }
            if (isBefore(time, last, child)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        put(hole, time, last, moved);
        action.run();
    }

    private boolean isBefore(long time, long turn, int other) {
        return time < times[other] || (time == times[other] && turn < turns[other]);
    }

    private void move(int from, int to) {
        put(to, times[from], turns[from], actions[from]);
    }

    private void put(int at, long time, long turn, Runnable action) {
        times[at] = time;
        turns[at] = turn;
        actions[at] = action;
    }
}
