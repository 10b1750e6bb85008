package dev.muster.agent.document;

import dev.muster.agent.delivery.Gets;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/// Brings documents in: from a coordinator, which it asks all the time, and from peers that say that they have some.
/// Each
/// is believed for its signatures only, so it does not matter who brought it.
public final class DocumentSync implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration AGAIN_MIN = Duration.ofMillis(500);
    private static final Duration AGAIN_MAX = Duration.ofSeconds(15);
    private static final int OFFERS_MAX = 256;
    private static final Logger LOG = System.getLogger(DocumentSync.class.getName());

    private final Documents documents;
    private final Upstream upstream;
    private final Gets peers;
    private final BlockingQueue<Offer> offers = new ArrayBlockingQueue<>(OFFERS_MAX);
    private final AtomicReference<String> state = new AtomicReference<>("");
    private final Thread fromCoordinator;
    private final Thread fromPeers;
    private volatile Runnable changed = () -> {};

    public DocumentSync(Documents documents, Upstream upstream, Gets peers) {
        this.documents = documents;
        this.upstream = upstream;
        this.peers = peers;
        this.fromCoordinator = Thread.ofVirtual().name("documents-coordinator").unstarted(this::askCoordinator);
        this.fromPeers = Thread.ofVirtual().name("documents-peers").unstarted(this::askPeers);
    }

    private record Offer(String peer, List<Hash> hashes) {}

    /// @param changed called when something new counts
    public void start(Runnable changed) {
        this.changed = changed;
        fromCoordinator.start();
        fromPeers.start();
    }

    @Override
    public void close() {
        fromCoordinator.interrupt();
        fromPeers.interrupt();
    }

    /// A peer says that it has these; what is new is fetched soon. Never waits: with too many offers open, this one is
    /// lost, and comes again with the next connection.
    public void offered(String peer, List<Hash> hashes) {
        boolean _ = offers.offer(new Offer(peer, hashes));
    }

    private void askCoordinator() {
        long revision = -1;
        Duration again = AGAIN_MIN;
        try {
            while (true) {
                try {
                    Upstream.News news = upstream.documents(revision, revision < 0 ? Duration.ZERO : WAIT);
                    news.documents().forEach(envelope -> take(envelope, "coordinator"));
                    for (Hash missing : documents.missing()) {
                        upstream.document(missing).ifPresent(envelope -> take(envelope, "coordinator"));
                    }
                    revision = news.revision();
                    again = AGAIN_MIN;
                    say("reached");
                } catch (IOException e) {
                    say("not reached: " + e.getMessage());
                    revision = -1; // It may be another one, or one that was restored from an older disk.
                    Thread.sleep(again);
                    again = again.multipliedBy(2).compareTo(AGAIN_MAX) < 0 ? again.multipliedBy(2) : AGAIN_MAX;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void askPeers() {
        try {
            while (true) {
                Offer offer = offers.take();
                for (Hash hash : offer.hashes) {
                    if (!documents.has(hash)) {
                        fetch(hash, offer.peer);
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetch(Hash hash, String peer) throws InterruptedException {
        try {
            take(Envelope.decode(peers.document(hash, peer)), peer);
        } catch (Unreachable | Refused e) {
            LOG.log(Level.DEBUG, "document not taken: peer={0} cause={1}", peer, e.getMessage());
        }
    }

    private void take(Envelope envelope, String from) {
        try {
            if (documents.offer(envelope) == Documents.Outcome.NEW) {
                LOG.log(
                        Level.INFO,
                        "document: type={0} hash={1} from={2}",
                        envelope.type(),
                        envelope.hash().brief(),
                        from);
                changed.run();
            }
        } catch (Refused e) {
            LOG.log(Level.WARNING, "document refused: from={0} reason={1} cause={2}", from, e.reason(), e.getMessage());
        } catch (IOException e) {
            LOG.log(
                    Level.ERROR,
                    "document not kept: hash={0} cause={1}",
                    envelope.hash().brief(),
                    e.getMessage());
        }
    }

    /// Logs a change of state once, not every attempt.
    private void say(String now) {
        if (!Optional.ofNullable(state.getAndSet(now)).orElse("").equals(now)) {
            LOG.log(Level.INFO, "coordinator {0}", now);
        }
    }
}
