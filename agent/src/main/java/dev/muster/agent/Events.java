package dev.muster.agent;

import dev.muster.agent.activate.Activator;
import dev.muster.agent.delivery.AddressBook;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.document.DocumentSync;
import dev.muster.agent.document.Documents;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Who hears of what happens: the parts of the agent do not know each other, and meet here.
final class Events implements Swarms.Listener, Runnable {
    private static final Logger LOG = System.getLogger(Events.class.getName());

    private final Documents documents;
    private final Delivery delivery;
    private final AddressBook book;
    private final Clusters clusters;
    private final Activator activator;
    private final Swarms swarms;
    private final DocumentSync sync;

    /// Whom this host knows.
    record Around(AddressBook book, Clusters clusters) {}

    Events(
            Documents documents,
            Delivery delivery,
            Around around,
            Activator activator,
            Swarms swarms,
            DocumentSync sync) {
        this.documents = documents;
        this.delivery = delivery;
        this.book = around.book;
        this.clusters = around.clusters;
        this.activator = activator;
        this.swarms = swarms;
        this.sync = sync;
    }

    /// Something new was signed and counts: do it, and tell everybody.
    @Override
    public void run() {
        activator.wake();
        List<Hash> hashes = documents.hashes();
        if (!hashes.isEmpty()) {
            swarms.tellAll(told(hashes));
        }
    }

    @Override
    public void complete(Manifest manifest) {
        delivery.complete(manifest);
    }

    @Override
    public void incomplete(ManifestId manifest) {
        LOG.log(Level.WARNING, "a chunk is gone and is fetched again: manifest={0}", manifest);
        delivery.incomplete(manifest);
    }

    @Override
    public void failed(Manifest manifest, IOException cause) {
        LOG.log(Level.WARNING, "fetching stopped: manifest={0} cause={1}", manifest.id(), cause.getMessage());
        delivery.failed(manifest, cause);
    }

    @Override
    public void documents(String peer, List<Hash> hashes) {
        sync.offered(peer, hashes);
    }

    @Override
    public void peers(List<PeerAddress> peers) {
        peers.forEach(book::hear);
    }

    @Override
    public void here(PeerLink from, Message.Here here) {
        clusters.here(from, here);
    }

    @Override
    public void connected(PeerLink link) {
        LOG.log(Level.DEBUG, "peer connected: peer={0} site={1}", link.host(), link.site());
        sync.connected(link.host());
        Thread.ofVirtual().name("greet").start(() -> greet(link));
    }

    @Override
    public void disconnected(String peer, String why) {
        sync.disconnected(peer);
        clusters.disconnected(peer);
        LOG.log(Level.DEBUG, "peer gone: peer={0} why={1}", peer, why);
    }

    /// Not on the thread that the link is served by: the documents may be on their way to the disk.
    private void greet(PeerLink link) {
        if (link.dialled()) {
            book.met(new PeerAddress(link.host(), link.site(), link.remote()));
        }
        List<Hash> hashes = documents.hashes();
        if (!hashes.isEmpty()) {
            link.send(told(hashes));
        }
        List<PeerAddress> known = new ArrayList<>(book.peers());
        Collections.shuffle(known);
        if (!known.isEmpty()) {
            link.send(new Message.Peers(known.subList(0, Math.min(known.size(), Message.PEERS_MAX))));
        }
    }

    private static Message told(List<Hash> hashes) {
        return new Message.Documents(hashes.subList(0, Math.min(hashes.size(), Message.DOCUMENTS_MAX)));
    }
}
