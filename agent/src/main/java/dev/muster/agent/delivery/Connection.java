package dev.muster.agent.delivery;

import dev.muster.agent.limit.Throttle;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.wire.Message;
import java.util.concurrent.TimeUnit;

/// A link with a peer, and who sends the bulk on it. Several mailboxes may hold it back; it is read again when
/// none does.
final class Connection implements Mailbox.Pausable {
    /// How often one peer may speak of others: at the beginning, and a few times more.
    private static final int PEER_LISTS_MAX = 8;

    /// What may be under way when a swarm is left; a peer that sends more than that unasked is left.
    private static final long UNASKED_BYTES_MAX = 64L << 20;

    private final PeerLink link;
    private final LinkSender sender;
    private final Throttle throttle;
    private int pauses;
    private long countedBytes;
    private int peerLists;
    private long unaskedBytes;

    Connection(PeerLink link, LinkSender sender, Throttle throttle) {
        this.link = link;
        this.sender = sender;
        this.throttle = throttle;
    }

    /// Something came: it counts, and if it was too much nothing more is read for a while. On the link's
    /// thread.
    void received() {
        long bytes = link.receivedBytes();
        long nanos = throttle.received(link.site(), bytes - countedBytes);
        countedBytes = bytes;
        if (nanos > 0) {
            pause();
            Thread.ofVirtual().name("rest-" + host()).start(() -> rest(nanos));
        }
    }

    /// Whether what it says of other peers is heard. On the link's thread.
    boolean mayTellOfPeers() {
        return ++peerLists <= PEER_LISTS_MAX;
    }

    /// Something came that belongs to no swarm of ours. On the link's thread.
    void unasked(Message message) {
        unaskedBytes += message instanceof Message.Data data ? data.frame().length() : 1;
        if (unaskedBytes > UNASKED_BYTES_MAX) {
            link.close("it sends what nobody asked for");
        }
    }

    private void rest(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            resume();
        }
    }

    PeerLink link() {
        return link;
    }

    LinkSender sender() {
        return sender;
    }

    String host() {
        return link.host();
    }

    /// Whether it is this very link, and not another one with the same host.
    @SuppressWarnings("ReferenceEquality") // A link has no other identity.
    boolean isOver(PeerLink other) {
        return link == other;
    }

    @Override
    public synchronized void pause() {
        if (pauses++ == 0) {
            link.pause();
        }
    }

    @Override
    public synchronized void resume() {
        if (--pauses == 0) {
            link.resume();
        }
    }
}
