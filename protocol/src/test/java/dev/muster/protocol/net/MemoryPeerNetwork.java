package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.net.LinkTable.Verdict;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.MessageCodec;
import dev.muster.protocol.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Links among hosts of one process. Messages go through the codec; each host has one thread, on which its listener is
/// told everything.
public final class MemoryPeerNetwork implements PeerNetwork {
    final PeerListener listener;
    final LinkTable<MemoryLink> table;
    final LinkLimits limits;
    private final PeerAddress self;
    private final Switch hosts;
    private final ExecutorService loop =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    private MemoryPeerNetwork(PeerAddress self, Switch hosts, LinkLimits limits, PeerListener listener) {
        this.self = self;
        this.hosts = hosts;
        this.limits = limits;
        this.listener = listener;
        this.table = new LinkTable<>(self.host(), limits.links());
    }

    /// What the hosts are plugged into.
    public static final class Switch {
        private final Map<Address, MemoryPeerNetwork> networks = new ConcurrentHashMap<>();
        private final AtomicInteger ports = new AtomicInteger(1024);

        public MemoryPeerNetwork open(String host, String site, LinkLimits limits, PeerListener listener) {
            Address address = new Address("127.0.0.1", ports.getAndIncrement());
            MemoryPeerNetwork network =
                    new MemoryPeerNetwork(new PeerAddress(host, site, address), this, limits, listener);
            networks.put(address, network);
            return network;
        }
    }

    @Override
    public Address address() {
        return self.address();
    }

    @Override
    public int links() {
        return table.all().size();
    }

    @Override
    public void connect(PeerAddress peer) {
        switch (table.startDial(peer.host())) {
            case START -> run(() -> dial(peer));
            case NO_ROOM -> run(() -> listener.failed(peer, "too many links"));
            case NEEDLESS -> {}
        }
    }

    private void dial(PeerAddress peer) {
        MemoryPeerNetwork other = hosts.networks.get(peer.address());
        if (other == null) {
            failed(peer, "nobody listens at " + peer.address());
        } else if (!other.self.host().equals(peer.host())) {
            failed(peer, "expected host " + peer.host() + ", found " + other.self.host());
        } else {
            MemoryLink here = new MemoryLink(this, other.self, true);
            MemoryLink there = new MemoryLink(other, self, false);
            here.join(there);
            other.run(() -> other.accept(there, this, peer));
        }
    }

    private void accept(MemoryLink link, MemoryPeerNetwork dialler, PeerAddress dialled) {
        Verdict<MemoryLink> verdict = table.accepted(link.host(), link);
        if (verdict.taken()) {
            settle(verdict, link);
            dialler.run(() -> dialler.settle(dialler.table.dialled(dialled.host(), link.other()), link.other()));
        } else {
            dialler.run(() -> dialler.failed(dialled, "closed by the other end"));
        }
    }

    private void settle(Verdict<MemoryLink> verdict, MemoryLink link) {
        if (verdict.taken()) {
            link.start();
            verdict.replaced().ifPresent(old -> old.close("another connection with the same host took its place"));
        } else {
            link.close("another connection with the same host stays");
        }
    }

    private void failed(PeerAddress peer, String why) {
        table.failDial(peer.host());
        if (!table.isLinked(peer.host())) {
            listener.failed(peer, why);
        }
    }

    /// On this host's thread, unless the host is gone.
    void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException _) {
            // The host is gone.
        }
    }

    static Message throughTheCodec(Message message) {
        try {
            return MessageCodec.decode(
                    ByteBuffer.wrap(MessageCodec.encode(message).toBytes()));
        } catch (Corrupt e) {
            throw new AssertionError("what is encoded decodes: " + message, e);
        }
    }

    @Override
    public void close() {
        hosts.networks.remove(address());
        table.all().forEach(link -> link.close("the network is closed"));
        loop.close();
    }
}
