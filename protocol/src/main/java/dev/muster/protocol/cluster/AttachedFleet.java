package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.Corrupt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The view of a node that is no member of the cluster: what members among its peers pass on. It tells its
/// peers of itself; a member among them vouches for it. One virtual thread tells and calls the listeners.
///
/// A node that nobody speaks of any more is here for another [Times#forget]. So is all of them if every member
/// is gone; see [#isAlone].
public final class AttachedFleet implements Fleet {
    /// Of a site, and some others: more is not passed on.
    private static final int NODES_MAX = 4096;

    private final Consumer<byte[]> tell;
    private final Times times;
    private final AtomicReference<@Nullable Presence> self = new AtomicReference<>();
    private final Map<String, Heard> heard = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread owner = Thread.ofVirtual().name("attached").unstarted(this::run);
    private boolean changed;
    private boolean unsaid;
    private long heardAt = System.nanoTime();

    /// How often, and for how long.
    ///
    /// @param look between two looks at what has changed
    /// @param repeat between two times that the same is said
    /// @param forget without a word, a node counts as gone
    public record Times(Duration look, Duration repeat, Duration forget) {
        public static final Times DEFAULT =
                new Times(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private record Heard(Presence presence, long at) {}

    private AttachedFleet(Consumer<byte[]> tell, Times times) {
        this.tell = tell;
        this.times = times;
    }

    /// @param tell says the bytes of this node's presence to every peer
    public static AttachedFleet open(Consumer<byte[]> tell, Times times) {
        AttachedFleet fleet = new AttachedFleet(tell, times);
        fleet.owner.start();
        return fleet;
    }

    /// A peer passes on what another node says of itself.
    ///
    /// @throws Corrupt if the bytes are no presence
    public void heard(byte[] bytes) throws Corrupt {
        Presence presence = PresenceCodec.decode(bytes);
        synchronized (this) {
            if (heard.size() < NODES_MAX || heard.containsKey(presence.id())) {
                Heard before = heard.put(presence.id(), new Heard(presence, System.nanoTime()));
                changed |= before == null || !before.presence.equals(presence);
                heardAt = System.nanoTime();
            }
        }
    }

    /// Whether no member has passed anything on for a while.
    public synchronized boolean isAlone() {
        return System.nanoTime() - heardAt > times.forget.toNanos();
    }

    @Override
    public void publish(Presence presence) {
        if (!presence.equals(self.getAndSet(presence))) {
            synchronized (this) {
                unsaid = true;
                changed = true;
            }
        }
    }

    @Override
    public void vouch(Presence attached) {}

    @Override
    public Collection<Presence> present() {
        Presence own = self.get();
        List<Presence> present = new ArrayList<>();
        if (own != null) {
            present.add(own);
        }
        synchronized (this) {
            heard.values().stream()
                    .map(Heard::presence)
                    .filter(presence -> own == null || !presence.id().equals(own.id()))
                    .forEach(present::add);
        }
        return present;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        owner.interrupt();
    }

    private void run() {
        long said = System.nanoTime() - times.repeat.toNanos();
        try {
            while (true) {
                boolean news = takeUnsaid();
                Presence own = self.get();
                if (own != null && (news || System.nanoTime() - said >= times.repeat.toNanos())) {
                    said = System.nanoTime();
                    tell.accept(PresenceCodec.encode(own));
                }
                if (forget()) {
                    listeners.forEach(Runnable::run);
                }
                Thread.sleep(times.look);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean takeUnsaid() {
        boolean was = unsaid;
        unsaid = false;
        return was;
    }

    /// @return whether anything has changed since the last time
    private synchronized boolean forget() {
        long now = System.nanoTime();
        // With every member gone nobody could speak of anybody: then what was heard last is still the best hint.
        if (now - heardAt <= times.forget.toNanos()) {
            changed |= heard.values().removeIf(each -> now - each.at > times.forget.toNanos());
        }
        boolean was = changed;
        changed = false;
        return was;
    }
}
