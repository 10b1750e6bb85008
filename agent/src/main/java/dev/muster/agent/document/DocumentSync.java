package dev.muster.agent.document;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// Brings documents in: from a coordinator, which it asks all the time, and from peers that say that they
/// have some. Each is believed for its signatures only, so it does not matter who brought it.
public final class DocumentSync implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration AGAIN_MIN = Duration.ofMillis(500);
    private static final Duration AGAIN_MAX = Duration.ofSeconds(15);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int OFFERS_MAX = 256;
    private static final Logger LOG = System.getLogger(DocumentSync.class.getName());

    private final Documents documents;
    private final Upstream upstream;
    private final Peers peers;
    private final Offers offers = new Offers(OFFERS_MAX);
    private final Set<String> connected = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> state = new AtomicReference<>("");
    private final Thread fromCoordinator;
    private final Thread fromPeers;
    private volatile Runnable changed = () -> {};

    public DocumentSync(Documents documents, Upstream upstream, Peers peers) {
        this.documents = documents;
        this.upstream = upstream;
        this.peers = peers;
        this.fromCoordinator = Thread.ofVirtual().name("documents-coordinator").unstarted(this::askCoordinator);
        this.fromPeers = Thread.ofVirtual().name("documents-peers").unstarted(this::askPeers);
    }

    /// Asks one peer for a document.
    @FunctionalInterface
    public interface Peers {
        /// @throws Unreachable if it is not connected, does not have it, or does not answer soon
        byte[] document(Hash hash, String peer) throws Unreachable, InterruptedException;
    }

    /// @param changed called when something new counts: once for all that came together
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

    /// A peer says that it has these; what is new is fetched soon. Never waits. Of one peer the newest word
    /// counts; with too many peers waiting, this one's is lost, and comes again with the next connection.
    public void offered(String peer, List<Hash> hashes) {
        offers.put(peer, hashes);
    }

    /// This peer may be asked for what is missing. Never waits.
    public void connected(String peer) {
        connected.add(peer);
    }

    public void disconnected(String peer) {
        connected.remove(peer);
    }

    private void askCoordinator() {
        long revision = -1;
        Duration again = AGAIN_MIN;
        try {
            while (true) {
                try {
                    revision = askCoordinator(revision);
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

    /// @return the revision to ask with the next time
    private long askCoordinator(long revision) throws IOException, InterruptedException {
        Upstream.News news = upstream.documents(revision, revision < 0 ? Duration.ZERO : WAIT);
        boolean any = false;
        try {
            for (Envelope envelope : inOrder(news.documents())) {
                any |= take(envelope, "coordinator");
            }
            for (Hash missing : documents.missing()) {
                Optional<Envelope> found = upstream.document(missing);
                any |= found.isPresent() && take(found.get(), "coordinator");
            }
        } finally {
            if (any) {
                changed.run();
            }
        }
        return news.revision();
    }

    /// As one is checked with what another says: first whose keys count, then what time it is, then what is revoked.
    private static List<Envelope> inOrder(List<Envelope> documents) {
        return documents.stream()
                .sorted(Comparator.comparing(document -> switch (document.type()) {
                    case ROOT -> 0;
                    case FRESHNESS -> 1;
                    case REVOCATIONS -> 2;
                    case RELEASE, PIN, HOST_REPORT -> 3;
                }))
                .toList();
    }

    private void askPeers() {
        try {
            while (true) {
                Optional<Offers.Offer> offer = offers.poll(IDLE);
                boolean any = offer.isPresent() ? fetch(offer.get()) : fetchMissing();
                if (any) {
                    changed.run();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What of an offer is new, up to the first that the peer does not give: one that is silent must not keep the
    /// others waiting, and one that has changed its mind says so by another offer.
    private boolean fetch(Offers.Offer offer) throws InterruptedException {
        boolean any = false;
        try {
            for (Hash hash : offer.hashes()) {
                if (!documents.has(hash)) {
                    any |= fetch(hash, offer.peer());
                }
            }
        } catch (Unreachable e) {
            LOG.log(Level.DEBUG, "offer given up: peer={0} cause={1}", offer.peer(), e.getMessage());
        }
        return any;
    }

    /// One release that a pin orders, from one peer that may have it.
    private boolean fetchMissing() throws InterruptedException {
        List<Hash> missing = new ArrayList<>(documents.missing());
        List<String> from = new ArrayList<>(connected);
        if (missing.isEmpty() || from.isEmpty()) {
            return false;
        }
        Collections.shuffle(missing);
        Collections.shuffle(from);
        try {
            return fetch(missing.getFirst(), from.getFirst());
        } catch (Unreachable e) {
            LOG.log(Level.DEBUG, "release not had: peer={0} cause={1}", from.getFirst(), e.getMessage());
            return false;
        }
    }

    private boolean fetch(Hash hash, String peer) throws Unreachable, InterruptedException {
        try {
            return take(Envelope.decode(peers.document(hash, peer)), peer);
        } catch (Refused e) {
            LOG.log(Level.DEBUG, "document not taken: peer={0} cause={1}", peer, e.getMessage());
            return false;
        }
    }

    /// Whether it is new, and counts.
    private boolean take(Envelope envelope, String from) {
        try {
            if (documents.offer(envelope) == Documents.Outcome.NEW) {
                LOG.log(
                        Level.INFO,
                        "document: type={0} hash={1} from={2}",
                        envelope.type(),
                        envelope.hash().brief(),
                        from);
                return true;
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
        return false;
    }

    /// Logs a change of state once, not every attempt.
    private void say(String now) {
        if (!Optional.ofNullable(state.getAndSet(now)).orElse("").equals(now)) {
            LOG.log(Level.INFO, "coordinator {0}", now);
        }
    }
}
