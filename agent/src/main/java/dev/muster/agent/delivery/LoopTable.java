package dev.muster.agent.delivery;

import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.ManifestId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The swarms that this host is in, each in a slot, by which its requests are told from those of the others. Reading is
/// safe for threads; one at a time changes it.
final class LoopTable {
    private final Map<ManifestId, SwarmLoop> loops = new ConcurrentHashMap<>();
    private final Map<Integer, SwarmLoop> slots = new ConcurrentHashMap<>();

    Collection<SwarmLoop> all() {
        return loops.values();
    }

    @Nullable
    SwarmLoop get(ManifestId manifest) {
        return loops.get(manifest);
    }

    /// The one that made a request of that number.
    @Nullable
    SwarmLoop ofRequest(int request) {
        return slots.get(request >>> SwarmLoop.SLOT_SHIFT);
    }

    void put(SwarmLoop loop) {
        slots.put(loop.slot(), loop);
        loops.put(loop.manifest().id(), loop);
    }

    Optional<SwarmLoop> remove(ManifestId manifest) {
        Optional<SwarmLoop> loop = Optional.ofNullable(loops.remove(manifest));
        loop.ifPresent(removed -> slots.remove(removed.slot()));
        return loop;
    }

    /// One that only serves, if there is no slot left: it has to make room.
    ///
    /// @throws StoreRefused if there is none of that kind either
    Optional<ManifestId> inTheWay() throws StoreRefused {
        if (slots.size() < SwarmLoop.SLOTS) {
            return Optional.empty();
        }
        return Optional.of(loops.values().stream()
                .filter(loop -> !loop.isFetching())
                .map(loop -> loop.manifest().id())
                .findFirst()
                .orElseThrow(() -> new StoreRefused(SwarmLoop.SLOTS + " images are being fetched already")));
    }

    /// To be asked when nothing is in the way.
    int freeSlot() {
        int slot = 0;
        while (slots.containsKey(slot)) {
            slot++;
        }
        return slot;
    }
}
