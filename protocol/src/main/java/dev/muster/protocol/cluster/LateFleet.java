package dev.muster.protocol.cluster;

import dev.muster.protocol.trust.key.FleetTrust;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A view that is there at once, of this node alone, and becomes the shared one when that has been opened:
/// nobody waits for members that do not answer. What cannot be opened is tried again, and what is open is
/// looked at again now and then, and replaced by another kind of view where that serves better.
public final class LateFleet implements Fleet {
    private static final Logger LOG = System.getLogger(LateFleet.class.getName());

    private final Opener opener;
    private final Duration again;
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile Fleet fleet = new NoFleet();
    private Optional<Presence> self = Optional.empty();

    /// Opens views.
    @FunctionalInterface
    public interface Opener {
        /// The view to use from now on: the one that is in use, or another one, which is open.
        ///
        /// @param now in use; at first a [NoFleet]
        Fleet next(Fleet now) throws IOException;
    }

    private LateFleet(Opener opener, Duration again) {
        this.opener = opener;
        this.again = again;
        this.thread = Thread.ofPlatform().name("cluster-open").daemon().unstarted(this::run);
    }

    /// @param again how often the opener is asked
    public static LateFleet open(Opener opener, Duration again) {
        LateFleet late = new LateFleet(opener, again);
        late.thread.start();
        return late;
    }

    @Override
    public synchronized void publish(Presence presence) {
        self = Optional.of(presence);
        fleet.publish(presence);
    }

    @Override
    public void vouch(Presence attached) {
        fleet.vouch(attached);
    }

    @Override
    public Collection<Presence> present() {
        return fleet.present();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void trust(FleetTrust trust) {
        fleet.trust(trust);
    }

    @Override
    public void sendAwayRevoked() {
        fleet.sendAwayRevoked();
    }

    /// Waits a little for an opening that is going on. One that takes longer is closed as soon as it is open: an
    /// interruption in the middle of it would only make it last.
    @Override
    public void close() {
        closing.countDown();
        try {
            boolean _ = thread.join(CLOSING);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        fleet.close();
    }

    private void run() {
        String last = "";
        try {
            do {
                try {
                    use(opener.next(fleet));
                    last = "";
                } catch (IOException e) {
                    if (!last.equals(e.getMessage())) {
                        last = String.valueOf(e.getMessage());
                        LOG.log(Level.WARNING, "cluster not joined, will try again: cause={0}", last);
                    }
                }
            } while (!closing.await(again.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("ReferenceEquality") // A view is nothing but itself.
    private void use(Fleet next) {
        Fleet before = fleet;
        if (next != before) {
            next.onChange(() -> listeners.forEach(Runnable::run));
            synchronized (this) {
                if (closing.getCount() == 0) {
                    next.close();
                    return;
                }
                fleet = next;
                self.ifPresent(next::publish);
            }
            before.close();
            listeners.forEach(Runnable::run);
        }
    }
}
