package dev.muster.agent.delivery;

import dev.muster.protocol.net.PeerLink;

/// A link with a peer, and who sends the bulk on it.
record Connection(PeerLink link, LinkSender sender) implements Mailbox.Pausable {
    String host() {
        return link.host();
    }

    /// Whether it is this very link, and not another one with the same host.
    @SuppressWarnings("ReferenceEquality") // A link has no other identity.
    boolean isOver(PeerLink other) {
        return link == other;
    }

    @Override
    public void pause() {
        link.pause();
    }

    @Override
    public void resume() {
        link.resume();
    }
}
