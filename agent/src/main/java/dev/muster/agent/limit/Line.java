package dev.muster.agent.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Senders that wait for their turn, and the buckets that they wait for: the host's, and that of each other
/// site. A sender has one place at a time, so there are no more places than connections. Not safe for threads.
///
/// @param <T> a sender
final class Line<T> {
    private final Bucket upload;
    private final ToLongFunction<String> wanLimit;
    private final Map<String, Bucket> wan = new HashMap<>();
    private final List<Place<T>> places = new ArrayList<>();

    /// A sender's place.
    ///
    /// @param site the other end's, or empty if it is this host's own
    record Place<T>(T sender, Urgency urgency, String site, long bytes) {}

    /// @param wanLimit for a site, bytes a second; 0: no limit
    Line(Bucket upload, ToLongFunction<String> wanLimit) {
        this.upload = upload;
        this.wanLimit = wanLimit;
    }

    /// Behind all who came before and are as urgent.
    void enter(Place<T> place) {
        int at = places.size();
        while (at > 0 && places.get(at - 1).urgency.compareTo(place.urgency) > 0) {
            at--;
        }
        places.add(at, place);
    }

    /// Gives up a place; nothing happens if its turn has come already.
    void leave(Place<T> place) {
        places.remove(place);
    }

    /// Those whose turn has come, in order; what they send is taken from the buckets.
    List<Place<T>> admit(long now) {
        List<Place<T>> admitted = new ArrayList<>();
        Iterator<Place<T>> each = places.iterator();
        while (each.hasNext() && upload.delay(now) <= 0) {
            Place<T> place = each.next();
            if (wanDelay(place, now) <= 0) {
                each.remove();
                upload.take(place.bytes, now);
                wan(place.site, now).take(place.bytes, now);
                admitted.add(place);
            }
        }
        return admitted;
    }

    /// How long until [#admit] may find anybody, if nothing changes; [Long#MAX_VALUE] if nobody waits.
    long delay(long now) {
        long wan = Long.MAX_VALUE;
        for (Place<T> place : places) {
            wan = Math.min(wan, Math.max(0, wanDelay(place, now)));
        }
        return places.isEmpty() ? Long.MAX_VALUE : Math.max(wan, upload.delay(now));
    }

    /// Who comes next, if anybody waits.
    Optional<Place<T>> first() {
        return places.stream().findFirst();
    }

    private long wanDelay(Place<T> place, long now) {
        return wan(place.site, now).delay(now);
    }

    private Bucket wan(String site, long now) {
        long limit = site.isEmpty() ? 0 : wanLimit.applyAsLong(site);
        Bucket bucket = wan.computeIfAbsent(site, _ -> new Bucket(limit, Bucket.SENDING_NANOS, now));
        bucket.limit(limit);
        return bucket;
    }
}
