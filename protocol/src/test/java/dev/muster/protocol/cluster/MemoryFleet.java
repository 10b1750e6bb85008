package dev.muster.protocol.cluster;

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
        private final Map<MemoryFleet, Presence> present = new ConcurrentHashMap<>();
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

    @Override
    public void publish(Presence self) {
        together.present.put(this, self);
        together.changed();
    }

    @Override
    public Collection<Presence> present() {
        return List.copyOf(together.present.values());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        together.nodes.remove(this);
        together.present.remove(this);
        together.changed();
        owner.shutdownNow();
    }
}
