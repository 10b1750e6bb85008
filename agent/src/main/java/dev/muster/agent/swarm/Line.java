package dev.muster.agent.swarm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Those who wait for something from this host, and those whose turn it is.
///
/// Who has least, and asks for what few have or are about to have, comes first, so that nobody and nothing
/// falls behind; and the last is refused if one more comes than may wait. That keeps all hosts of a site
/// within a few chunks of each other, and the bursts in which all ask for the same new chunk from holding
/// up the next.
final class Line {
    static final int RETRY_MILLIS_MAX = (int) Limits.REST.toMillis();
    private static final double NEWEST = 0.2;
    private static final double NANOS_PER_MILLI = 1e6;

    /// A chunk with so many copies near here is as good as common.
    private static final int FEW = 3;

    private final int places;
    private final int waitingMax;
    private final List<Serve> waiting = new ArrayList<>();
    private final List<Serve> served = new ArrayList<>();

    /// Those of `waiting` that ask by name.
    private int named;

    /// How long an answer usually takes.
    private double nanos;

    /// @param places how many are served at once
    /// @param waitingMax how many that ask by name may wait
    Line(int places, int waitingMax) {
        this.places = places;
        this.waitingMax = waitingMax;
    }

    List<Serve> waiting() {
        return waiting;
    }

    List<Serve> served() {
        return served;
    }

    boolean contains(Peer peer, int request) {
        return find(served, peer, request) != null || find(waiting, peer, request) != null;
    }

    void enter(Serve serve) {
        waiting.add(serve);
        named += serve.isCredit() ? 0 : 1;
    }

    /// Whether it is somebody's turn.
    boolean isNext() {
        return served.size() < places && !waiting.isEmpty();
    }

    boolean isTooLong() {
        return named > waitingMax;
    }

    void serve(Serve serve, int chunk, long now) {
        serve.given = chunk;
        serve.began = now;
        served.add(serve);
    }

    /// @return null if there is none
    @Nullable
    Serve remove(Peer peer, int request) {
        Serve found = find(served, peer, request);
        if (found != null) {
            served.remove(found);
            return found;
        }
        found = find(waiting, peer, request);
        if (found != null) {
            take(found);
        }
        return found;
    }

    void remove(Peer peer) {
        served.removeIf(serve -> serve.peer == peer);
        waiting.removeIf(serve -> serve.peer == peer);
        named = (int) waiting.stream().filter(serve -> !serve.isCredit()).count();
    }

    /// Has been answered, or is wanted no longer.
    void left(Serve serve, long now) {
        if (serve.isServed()) {
            double took = now - serve.began;
            nanos = nanos == 0 ? took : nanos + NEWEST * (took - nanos);
        }
    }

    /// Takes out the one whose turn it is.
    Serve takeFirst(Rarity rarity) {
        Serve first = waiting.getFirst();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < waiting.size(); i++) {
            long order = order(waiting.get(i), rarity);
            if (order < least) {
                first = waiting.get(i);
                least = order;
            }
        }
        return take(first);
    }

    /// Takes out the one that gives way to others that ask by name.
    Serve takeLast(Rarity rarity) {
        Serve last = waiting.getLast();
        long most = Long.MIN_VALUE;
        for (int i = 0; i < waiting.size(); i++) {
            Serve each = waiting.get(i);
            long order = order(each, rarity);
            if (order >= most && !each.isCredit()) {
                last = each;
                most = order;
            }
        }
        return take(last);
    }

    /// After how long one that is refused does better.
    int retryMillis() {
        double millis = nanos * (1 + waiting.size()) / places / NANOS_PER_MILLI;
        return (int) Math.clamp(Math.ceil(millis), 1, RETRY_MILLIS_MAX);
    }

    private Serve take(Serve serve) {
        waiting.remove(serve);
        named -= serve.isCredit() ? 0 : 1;
        return serve;
    }

    private long order(Serve serve, Rarity rarity) {
        int has = serve.peer.has.cardinality();
        if (serve.isCredit()) {
            return has;
        }
        int coming = 0;
        for (int i = 0; i < served.size(); i++) {
            coming += served.get(i).given == serve.chunk ? 1 : 0;
        }
        for (int i = 0; i < waiting.size() && waiting.get(i) != serve; i++) {
            coming += waiting.get(i).chunk == serve.chunk ? 1 : 0;
        }
        return has + Math.min(rarity.copies(serve.chunk), FEW) + (long) coming;
    }

    private static @Nullable Serve find(List<Serve> all, Peer peer, int request) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).is(peer, request)) {
                return all.get(i);
            }
        }
        return null;
    }

    void checkInvariants() {
        Swarm.check(!isTooLong(), named + " requests wait");
        Swarm.check(served.size() <= places, served.size() + " requests are answered");
        Swarm.check(waiting.isEmpty() || served.size() == places, "requests wait for nothing");
        long byName = waiting.stream().filter(serve -> !serve.isCredit()).count();
        Swarm.check(byName == named, byName + " requests wait, counted " + named);
    }
}
