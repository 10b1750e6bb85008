package dev.muster.agent.delivery;

import dev.muster.protocol.net.PeerLink;

/// A link with a peer, and who sends the bulk on it.
record Connection(PeerLink link, LinkSender sender) implements Mailbox.Pausable {
    String host() {
        return link.host();
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
