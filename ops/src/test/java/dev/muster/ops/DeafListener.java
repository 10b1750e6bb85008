package dev.muster.ops;

import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.net.PeerListener;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;

/// Takes links and minds nothing that happens on them.
final class DeafListener implements PeerListener {
    @Override
    public void connected(PeerLink link) {}

    @Override
    public void received(PeerLink link, Message message) {}

    @Override
    public void drained(PeerLink link) {}

    @Override
    public void closed(PeerLink link, String why) {}

    @Override
    public void failed(PeerAddress peer, String why) {}
}
