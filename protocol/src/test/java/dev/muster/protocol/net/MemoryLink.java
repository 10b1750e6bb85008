package dev.muster.protocol.net;

import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.MessageCodec;
import dev.muster.protocol.wire.PeerAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One end of a link in memory. What waits to be read by the other end counts as queued at this one.
final class MemoryLink implements PeerLink {
    private final MemoryPeerNetwork network;
    private final PeerAddress peer;
    private final boolean dialled;
    private final Queue<Message> inbox = new ArrayDeque<>();
    private @Nullable MemoryLink other;
    private boolean started;
    private boolean paused;
    private boolean closed;
    private boolean full;
    private long queuedBytes;
    private long sentBytes;
    private long receivedBytes;

    MemoryLink(MemoryPeerNetwork network, PeerAddress peer, boolean dialled) {
        this.network = network;
        this.peer = peer;
        this.dialled = dialled;
    }

    void join(MemoryLink end) {
        other = end;
        end.other = this;
    }

    MemoryLink other() {
        return Objects.requireNonNull(other);
    }

    /// On the network's thread, as everything that the listener is told.
    void start() {
        synchronized (this) {
            if (closed) {
                return;
            }
            started = true;
        }
        network.listener.connected(this);
        deliver();
    }

    @Override
    public boolean send(Message message) {
        int size = MessageCodec.encode(message).size();
        Message copy = MemoryPeerNetwork.throughTheCodec(message);
        boolean room;
        synchronized (this) {
            if (closed) {
                return true;
            }
            queuedBytes += size;
            sentBytes += size;
            room = queuedBytes <= network.limits.queueBytes();
            full |= !room;
        }
        synchronized (other()) {
            other().inbox.add(copy);
        }
        other().network.run(other()::deliver);
        if (queuedBytes() > 4L * network.limits.queueBytes()) {
            close("it does not read what it is sent");
        }
        return room;
    }

    private void deliver() {
        for (Message next = take(); next != null; next = take()) {
            int size = MessageCodec.encode(next).size();
            network.listener.received(this, next);
            other().read(size);
        }
    }

    private synchronized @Nullable Message take() {
        Message next = started && !paused && !closed ? inbox.poll() : null;
        receivedBytes += next == null ? 0 : MessageCodec.encode(next).size();
        return next;
    }

    private void read(int size) {
        synchronized (this) {
            queuedBytes -= size;
            if (!full || queuedBytes > network.limits.queueBytes() / 2) {
                return;
            }
            full = false;
        }
        network.run(() -> network.listener.drained(this));
    }

    @Override
    public void close(String why) {
        end(why);
        other().end("closed by the other end");
    }

    private void end(String why) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        network.run(() -> {
            network.table.remove(peer.host(), this);
            if (started) {
                network.listener.closed(this, why);
            }
        });
    }

    @Override
    public synchronized void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        synchronized (this) {
            paused = false;
        }
        network.run(this::deliver);
    }

    @Override
    public String host() {
        return peer.host();
    }

    @Override
    public String site() {
        return peer.site();
    }

    @Override
    public Address remote() {
        return peer.address();
    }

    @Override
    public boolean dialled() {
        return dialled;
    }

    @Override
    public synchronized long queuedBytes() {
        return queuedBytes;
    }

    @Override
    public synchronized long sentBytes() {
        return sentBytes;
    }

    @Override
    public synchronized long receivedBytes() {
        return receivedBytes;
    }
}
