package dev.muster.agent.keep;

import dev.muster.agent.delivery.Delivery;
import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Fetches what is claimed and not whole here: one claim at a time, on a thread of its own, only while nothing more
/// important goes on. What fails is left for a while that doubles, up to [#AGAIN_MAX].
final class Gathering implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /// A fetch in which nothing arrives for so long makes room for the next claim.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration AGAIN_MIN = Duration.ofSeconds(2);
    private static final Duration AGAIN_MAX = Duration.ofMinutes(5);
    private static final Logger LOG = System.getLogger(Gathering.class.getName());

    private final Delivery delivery;
    private final Supplier<List<Claim>> claims;
    private final BooleanSupplier busy;
    private final Semaphore wake = new Semaphore(0);
    private final Map<Hash, Retry> retries = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("keep-fetch").unstarted(this::run);
    private volatile String error = "";

    /// @param claims what is to be whole here, the most urgent first
    /// @param busy whether this host has something more important to do
    Gathering(Delivery delivery, Supplier<List<Claim>> claims, BooleanSupplier busy) {
        this.delivery = delivery;
        this.claims = claims;
        this.busy = busy;
    }

    private record Retry(Duration pause, long at) {
        boolean isDue() {
            return System.nanoTime() - at >= 0;
        }
    }

    void start() {
        thread.start();
    }

    /// Looks at the claims again.
    void wake() {
        wake.release();
    }

    /// Why the last fetch failed, or empty.
    String error() {
        return error;
    }

    @Override
    public void close() {
        thread.interrupt();
        join(thread);
    }

    private void run() {
        try {
            while (true) {
                Optional<Claim> next = busy.getAsBoolean() ? Optional.empty() : next();
                if (next.isPresent()) {
                    gather(next.get());
                } else if (wake.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Claim> next() {
        List<Claim> wanted = claims.get();
        retries.keySet().retainAll(wanted.stream().map(Claim::key).toList());
        return wanted.stream().filter(this::isDue).findFirst();
    }

    private boolean isDue(Claim claim) {
        Retry retry = retries.get(claim.key());
        return retry == null || retry.isDue();
    }

    /// One try to bring all of a claim here.
    private final class Attempt implements Runnable {
        private final Claim claim;
        private volatile boolean done;
        private volatile Optional<IOException> failure = Optional.empty();

        Attempt(Claim claim) {
            this.claim = claim;
        }

        @Override
        public void run() {
            try {
                for (ManifestId manifest : claim.manifests()) {
                    delivery.fetch(manifest, Progress.NONE, PATIENCE);
                }
                done = true;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                failure = Optional.of(e);
            }
        }
    }

    /// Fetches, and stops when there is more important work or nobody wants it any more.
    private void gather(Claim claim) throws InterruptedException {
        Attempt attempt = new Attempt(claim);
        Thread worker = Thread.ofVirtual().name("keep-" + claim.key().brief()).start(attempt);
        try {
            while (!worker.join(LOOK_AGAIN)) {
                if (busy.getAsBoolean() || !claims.get().contains(claim)) {
                    worker.interrupt();
                }
            }
        } finally {
            worker.interrupt();
            join(worker);
        }
        if (attempt.failure.isPresent()) {
            failed(claim, String.valueOf(attempt.failure.get().getMessage()));
        } else if (attempt.done) {
            error = "";
            retries.remove(claim.key());
            LOG.log(
                    Level.INFO,
                    "kept: name={0} release={1}",
                    claim.name(),
                    claim.key().brief());
        }
    }

    private void failed(Claim claim, String cause) {
        Retry before = retries.get(claim.key());
        Duration wait = before == null ? AGAIN_MIN : before.pause.multipliedBy(2);
        wait = wait.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : wait;
        retries.put(claim.key(), new Retry(wait, System.nanoTime() + wait.toNanos()));
        error = cause;
        LOG.log(
                before == null ? Level.WARNING : Level.DEBUG,
                "not kept yet: name={0} release={1} again={2}s cause={3}",
                claim.name(),
                claim.key().brief(),
                wait.toSeconds(),
                cause);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
