package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.chunkstore.store.JournalRecord.Free;
import dev.muster.chunkstore.store.JournalRecord.Install;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the store has, in memory: what the journal says, and the chunks that are written but not yet in it.
///
/// A chunk is *pending* from being written until its PUT is durable. It can be read; a snapshot says where it lay
/// before, if it did. For many threads; only the committer ends what is pending.
final class Contents {
    private final ChunkIndex chunks = new ChunkIndex();
    /// Where each pending chunk lies by what is durable.
    private final Map<ChunkId, Optional<Place>> pending = new ConcurrentHashMap<>();

    private final Set<ManifestId> installed = ConcurrentHashMap.newKeySet();
    private final Set<Integer> sealed = ConcurrentHashMap.newKeySet();

    ChunkIndex chunks() {
        return chunks;
    }

    Set<ManifestId> installed() {
        return installed;
    }

    boolean isSealed(int segment) {
        return sealed.contains(segment);
    }

    /// A chunk was written. In this order, so that whoever finds it in the index can tell whether it is pending.
    void written(Put put) {
        Optional<Place> before = chunks.find(put.id());
        pending.putIfAbsent(put.id(), before);
        chunks.put(put.id(), put.place());
    }

    /// What a record says is durable.
    void committed(JournalRecord record) {
        switch (record) {
            case Put put -> pending.computeIfPresent(put.id(), (id, _) -> durable(id, put.place()));
            case Install(ManifestId id) -> installed.add(id);
            case Seal(int segment) -> sealed.add(segment);
            case Free _ -> {}
            case End _ -> throw new IllegalStateException("the end of a snapshot is no news");
        }
    }

    /// What is left pending of a chunk when a record of it has become durable: where it lies now, if a later
    /// one is to come.
    private @Nullable Optional<Place> durable(ChunkId id, Place place) {
        Optional<Place> latest = chunks.find(id);
        return latest.isEmpty() || latest.get().equals(place) ? null : Optional.of(place);
    }

    /// What a record says will never be durable.
    void lost(JournalRecord record) {
        if (record instanceof Put put) {
            chunks.remove(put.id(), put.place());
            Optional<Place> durable = pending.remove(put.id());
            if (durable != null && durable.isPresent()) {
                chunks.put(put.id(), durable.get());
            }
        }
    }

    /// What a record says was durable when the store was last open.
    ///
    /// @throws Corrupt if it belongs elsewhere
    void replay(JournalRecord record) throws Corrupt {
        switch (record) {
            case Put(ChunkId id, Place place) -> chunks.put(id, place);
            case Free(ChunkId id, Place place) -> chunks.remove(id, place);
            case Install _, Seal _ -> committed(record);
            case End _ -> throw new Corrupt("journal: expected no end of a snapshot, found one");
        }
    }

    /// Whatever is durable, as the fewest records. Called by the committer, so that nothing becomes durable
    /// meanwhile.
    <E extends Exception> void replayInto(RecordSink<E> out) throws E {
        for (int segment : new TreeSet<>(sealed)) {
            out.accept(new Seal(segment));
        }
        for (ManifestId id : new TreeSet<>(installed)) {
            out.accept(new Install(id));
        }
        for (var entry : chunks.entries()) {
            Optional<Place> durable = pending.getOrDefault(entry.getKey(), Optional.of(entry.getValue()));
            if (durable.isPresent()) {
                out.accept(new Put(entry.getKey(), durable.get()));
            }
        }
    }

    /// Takes records one by one.
    @FunctionalInterface
    interface RecordSink<E extends Exception> {
        void accept(JournalRecord record) throws E;
    }
}
