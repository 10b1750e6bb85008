package dev.muster.agent.delivery;

import dev.muster.agent.limit.Throttle;
import dev.muster.protocol.net.PeerLink;
import java.util.concurrent.TimeUnit;

/// A link with a peer, and who sends the bulk on it. Several mailboxes may hold it back; it is read again when none
/// does.
final class Connection implements Mailbox.Pausable {
    private final PeerLink link;
    private final LinkSender sender;
    private final Throttle throttle;
    private int pauses;
    private long countedBytes;

    Connection(PeerLink link, LinkSender sender, Throttle throttle) {
        this.link = link;
        this.sender = sender;
        this.throttle = throttle;
    }

    /// Something came: it counts, and if it was too much nothing more is read for a while. On the link's thread.
    void received() {
        long bytes = link.receivedBytes();
        long nanos = throttle.received(link.site(), bytes - countedBytes);
        countedBytes = bytes;
        if (nanos > 0) {
            pause();
            Thread.ofVirtual().name("rest-" + host()).start(() -> rest(nanos));
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
