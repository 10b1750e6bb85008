package dev.muster.protocol.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A view among nodes of one process: what one publishes, the others see at once.
public final class MemoryFleet implements Fleet {
    private final Together together;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService owner =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    private MemoryFleet(Together together) {
        this.together = together;
    }

    /// What the nodes of one fleet share.
    public static final class Together {
        private final Map<Key, Entry> present = new ConcurrentHashMap<>();
        private final Duration vouched;

        public Together() {
            this(Duration.ofSeconds(30));
        }

        /// @param vouched how long a node is here that a member has vouched for
        Together(Duration vouched) {
            this.vouched = vouched;
        }

        private final List<MemoryFleet> nodes = new CopyOnWriteArrayList<>();

        public MemoryFleet join() {
            MemoryFleet fleet = new MemoryFleet(this);
            nodes.add(fleet);
            return fleet;
        }

        private void changed() {
            nodes.forEach(node -> node.listeners.forEach(node.owner::execute));
        }
    }

    /// @param attached the id of another node, or empty
    private record Key(MemoryFleet node, String attached) {}

    private record Entry(Presence presence, long at) {}

    @Override
    public void publish(Presence self) {
        together.present.put(new Key(this, ""), new Entry(self, System.nanoTime()));
        together.changed();
    }

    @Override
    public void vouch(Presence attached) {
        together.present.put(new Key(this, attached.id()), new Entry(attached, System.nanoTime()));
        together.changed();
    }

    @Override
    public Collection<Presence> present() {
        long now = System.nanoTime();
        together.present
                .entrySet()
                .removeIf(each ->
                        !each.getKey().attached.isEmpty() && now - each.getValue().at > together.vouched.toNanos());
        return together.present.values().stream()
                .map(Entry::presence)
                .distinct()
                .toList();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        together.nodes.remove(this);
        together.present.keySet().removeIf(key -> key.node() == this);
        together.changed();
        owner.shutdownNow();
    }
}
