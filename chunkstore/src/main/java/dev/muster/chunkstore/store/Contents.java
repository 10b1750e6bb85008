package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.JournalRecord.Condemn;
import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.chunkstore.store.JournalRecord.Free;
import dev.muster.chunkstore.store.JournalRecord.Install;
import dev.muster.chunkstore.store.JournalRecord.Leased;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Remove;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// What the store has, in memory: what the journal says, and what is going to be in it.
///
/// A record is *announced* when it is queued for the journal, and *committed* when it is durable there. What is
/// said of chunks and images here changes in the order of the journal, because the queue announces one record at
/// a time.
///
/// A place is *pending* from being announced until its PUT is durable. It can be read, and is left out of a
/// snapshot. A place is *condemned* from then on until its room has been given back.
///
/// For many threads; only the committer ends what is pending.
final class Contents {
    private final ChunkIndex chunks = new ChunkIndex();
    private final SegmentUse use = new SegmentUse();

    /// By pending place, the one that the chunk had before, if it had one; that may be pending too.
    private final Map<Place, Optional<Place>> pending = new ConcurrentHashMap<>();

    private final ConcurrentNavigableMap<Place, ChunkId> condemned = new ConcurrentSkipListMap<>();

    /// Those installed first come before others.
    private final Set<ManifestId> installed = Collections.synchronizedSet(new LinkedHashSet<>());

    private final Set<Integer> sealed = ConcurrentHashMap.newKeySet();
    private final Map<ManifestId, Long> leases = new ConcurrentHashMap<>();

    ChunkIndex chunks() {
        return chunks;
    }

    SegmentUse use() {
        return use;
    }

    Set<ManifestId> installed() {
        return installed;
    }

    /// Until when an image is held, in milliseconds since 1970.
    Map<ManifestId, Long> leases() {
        return leases;
    }

    boolean isSealed(int segment) {
        return sealed.contains(segment);
    }

    /// Places whose room is to be given back, in order, and the chunks that lay there.
    ConcurrentNavigableMap<Place, ChunkId> condemned() {
        return condemned;
    }

    /// Those of one segment.
    ConcurrentNavigableMap<Place, ChunkId> condemnedIn(int segment) {
        return condemned.subMap(Place.first(segment), Place.first(segment + 1));
    }

    /// A record is queued for the journal, behind all that were announced before it.
    void announced(JournalRecord record) {
        switch (record) {
            case Put(ChunkId id, Place place) -> {
                Optional<Place> before = chunks.find(id);
                // In this order, so that whoever finds a place in the index can tell whether it is pending.
                pending.put(place, before);
                chunks.put(id, place);
                before.ifPresent(use::dies);
                use.lives(place);
            }
            case Condemn(ChunkId id, Place place) -> condemn(id, place);
            case Free(int segment) -> free(segment);
            case Leased(ManifestId id, long untilMillis) -> lease(id, untilMillis);
            case Remove(ManifestId id) -> installed.remove(id);
            case Install _, Seal _ -> {
                // They say something only once they are durable.
            }
            case End _ -> throw new IllegalStateException("the end of a snapshot is no news");
        }
    }

    /// What a record says is durable.
    void committed(JournalRecord record) {
        switch (record) {
            case Put(ChunkId id, Place place) -> committed(id, place);
            case Install(ManifestId id) -> installed.add(id);
            case Seal(int segment) -> sealed.add(segment);
            case Condemn _, Free _, Leased _, Remove _, End _ -> {
                // They said it when they were announced.
            }
        }
    }

    /// What a record says will never be durable; those that were announced last are lost first.
    void lost(JournalRecord record) {
        if (record instanceof Put(ChunkId id, Place place)) {
            Optional<Place> before = pending.getOrDefault(place, Optional.empty());
            pending.remove(place);
            if (chunks.find(id).filter(place::equals).isPresent()) {
                chunks.remove(id, place);
                use.dies(place);
                before.ifPresent(each -> {
                    chunks.put(id, each);
                    use.lives(each);
                });
            }
        }
    }

    /// A chunk has a place, and that which it had before is condemned.
    private void committed(ChunkId id, Place place) {
        Optional<Place> before = pending.getOrDefault(place, Optional.empty());
        pending.remove(place);
        before.ifPresent(each -> condemn(id, each));
    }

    /// The place that a chunk has as far as the journal says, if it has this one here.
    private Optional<Place> durable(Place place) {
        Optional<Place> durable = Optional.of(place);
        while (durable.isPresent() && pending.containsKey(durable.get())) {
            durable = pending.getOrDefault(durable.get(), Optional.empty());
        }
        return durable;
    }

    /// What a record says was durable when the store was last open.
    ///
    /// @throws Corrupt if it belongs elsewhere
    void replay(JournalRecord record) throws Corrupt {
        switch (record) {
            case Put(ChunkId id, Place place) -> {
                Optional<Place> before = chunks.find(id);
                chunks.put(id, place);
                use.lives(place);
                before.ifPresent(use::dies);
                before.filter(each -> !each.equals(place)).ifPresent(each -> condemn(id, each));
            }
            case Condemn _, Free _, Leased _, Remove _ -> announced(record);
            case Install _, Seal _ -> committed(record);
            case End _ -> throw new Corrupt("journal: expected no end of a snapshot, found one");
        }
    }

    /// The room of a place has been given back.
    void punched(Place place) {
        if (condemned.remove(place) != null) {
            use.punched(place);
        }
    }

    /// Whatever is durable, as the fewest records. Called by the committer, so that nothing becomes durable
    /// meanwhile. What is condemned at this moment may be said to be in a place and condemned there, in this order.
    <E extends Exception> void replayInto(RecordSink<E> out) throws E {
        for (int segment : new TreeSet<>(sealed)) {
            out.accept(new Seal(segment));
        }
        for (ManifestId id : List.copyOf(installed)) {
            out.accept(new Install(id));
        }
        for (var lease : leases.entrySet()) {
            out.accept(new Leased(lease.getKey(), lease.getValue()));
        }
        for (var entry : chunks.entries()) {
            Optional<Place> durable = durable(entry.getValue());
            if (durable.isPresent()) {
                out.accept(new Put(entry.getKey(), durable.get()));
            }
        }
        for (var entry : condemned.entrySet()) {
            if (!pending.containsKey(entry.getKey())) {
                out.accept(new Condemn(entry.getValue(), entry.getKey()));
            }
        }
    }

    /// Takes records one by one.
    @FunctionalInterface
    interface RecordSink<E extends Exception> {
        void accept(JournalRecord record) throws E;
    }

    /// In this order, so that a snapshot, which looks at the index first, misses nothing.
    private void condemn(ChunkId id, Place place) {
        if (condemned.put(place, id) == null) {
            use.condemned(place);
        }
        if (chunks.find(id).filter(place::equals).isPresent()) {
            chunks.remove(id, place);
            use.dies(place);
        }
    }

    private void free(int segment) {
        sealed.remove(segment);
        use.forget(segment);
        condemnedIn(segment).keySet().forEach(this::punched);
    }

    private void lease(ManifestId id, long untilMillis) {
        if (untilMillis == 0) {
            leases.remove(id);
        } else {
            leases.put(id, untilMillis);
        }
    }
}
