package dev.muster.protocol.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A view that is there at once, of this node alone, and becomes the shared one when that has been opened: nobody waits
/// for members that do not answer. What cannot be opened is tried again.
public final class LateFleet implements Fleet {
    private static final Logger LOG = System.getLogger(LateFleet.class.getName());

    private final Opener opener;
    private final Duration again;
    private final AtomicReference<@Nullable Presence> self = new AtomicReference<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile Fleet fleet = new NoFleet();

    /// Opens the shared view.
    @FunctionalInterface
    public interface Opener {
        Fleet open() throws IOException;
    }

    private LateFleet(Opener opener, Duration again) {
        this.opener = opener;
        this.again = again;
        this.thread = Thread.ofPlatform().name("cluster-open").daemon().unstarted(this::run);
    }

    /// @param again how long after a failure to try once more
    public static LateFleet open(Opener opener, Duration again) {
        LateFleet late = new LateFleet(opener, again);
        late.thread.start();
        return late;
    }

    @Override
    public void publish(Presence presence) {
        self.set(presence);
        fleet.publish(presence);
    }

    @Override
    public Collection<Presence> present() {
        return fleet.present();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Waits for an opening that is going on, which takes seconds at most.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        fleet.close();
    }

    private void run() {
        String last = "";
        while (!Thread.currentThread().isInterrupted()) {
            try {
                use(opener.open());
                return;
            } catch (IOException e) {
                if (!last.equals(e.getMessage())) {
                    last = String.valueOf(e.getMessage());
                    LOG.log(Level.WARNING, "cluster not joined, will try again: cause={0}", last);
                }
            }
            try {
                Thread.sleep(again);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /// What is published while this goes on is published there too: it is set before the view is looked at.
    private void use(Fleet opened) {
        opened.onChange(() -> listeners.forEach(Runnable::run));
        fleet = opened;
        Presence presence = self.get();
        if (presence != null) {
            opened.publish(presence);
        }
    }
}
