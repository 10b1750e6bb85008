package dev.muster.agent.delivery;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.util.List;

/// Nobody listens yet.
final class Unheard implements Swarms.Listener {
    @Override
    public void complete(Manifest manifest) {}

    @Override
    public void incomplete(ManifestId manifest) {}

    @Override
    public void failed(Manifest manifest, IOException cause) {}

    @Override
    public void documents(String peer, List<Hash> hashes) {}

    @Override
    public void peers(List<PeerAddress> peers) {}

    @Override
    public void here(PeerLink from, Message.Here here) {}

    @Override
    public void connected(PeerLink link) {}

    @Override
    public void disconnected(String peer, String why) {}
}
