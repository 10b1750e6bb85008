package dev.muster.agent.delivery;

import dev.muster.protocol.net.PeerLink;

/// A link with a peer, and who sends the bulk on it. Several mailboxes may hold it back; it is read again when none
/// does.
final class Connection implements Mailbox.Pausable {
    private final PeerLink link;
    private final LinkSender sender;
    private int pauses;

    Connection(PeerLink link, LinkSender sender) {
        this.link = link;
        this.sender = sender;
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
