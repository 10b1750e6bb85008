package dev.muster.protocol.net;

import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.Message.Hello;
import dev.muster.protocol.wire.Message.Ping;
import dev.muster.protocol.wire.Message.Pong;
import java.util.function.Consumer;

/// A connection after its greeting.
final class TlsLink implements PeerLink, MessageSocket.Receiver {
    private final MessageSocket socket;
    private final Hello peer;
    private final boolean dialled;
    private final PeerListener listener;
    private final Consumer<TlsLink> onClosed;
    private final Address remote;
    private volatile boolean paused;
    private long pulse;
    private long receivedBefore;
    private int silentBeats;

    /// @param onClosed called before the listener is told
    TlsLink(MessageSocket socket, Hello peer, boolean dialled, PeerListener listener, Consumer<TlsLink> onClosed) {
        this.socket = socket;
        this.peer = peer;
        this.dialled = dialled;
        this.listener = listener;
        this.onClosed = onClosed;
        this.remote = socket.remote();
    }

    /// Takes the socket over from its greeting, on its event loop.
    void start(LinkLimits limits) {
        socket.receiver(this);
        int beatsMax =
                Math.max(2, (int) (limits.silence().toMillis() / limits.ping().toMillis()));
        pulse = socket.context().owner().setPeriodic(limits.ping().toMillis(), _ -> beat(beatsMax));
        listener.connected(this);
    }

    /// Nothing came since the last beat: asks for a sign of life, and in the end gives up. While we do not read, only
    /// the other end can tell; our pings keep it from giving up.
    private void beat(int beatsMax) {
        long received = socket.receivedBytes();
        silentBeats = received == receivedBefore && !paused ? silentBeats + 1 : 0;
        receivedBefore = received;
        if (silentBeats >= beatsMax) {
            socket.close("silent");
        } else if (silentBeats > 0 || paused) {
            socket.send(new Ping(received));
        }
    }

    @Override
    public void message(Message message) {
        if (message instanceof Ping(long token)) {
            socket.send(new Pong(token));
        } else if (message instanceof Hello) {
            socket.close("a second HELLO");
        } else if (!(message instanceof Pong)) {
            listener.received(this, message);
        }
    }

    @Override
    public void drained() {
        listener.drained(this);
    }

    @Override
    public void closed(String why) {
        socket.context().owner().cancelTimer(pulse);
        onClosed.accept(this);
        listener.closed(this, why);
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
        return remote;
    }

    @Override
    public boolean dialled() {
        return dialled;
    }

    @Override
    public boolean send(Message message) {
        return socket.send(message);
    }

    @Override
    public long queuedBytes() {
        return socket.queuedBytes();
    }

    @Override
    public void pause() {
        paused = true;
        socket.pause();
    }

    @Override
    public void resume() {
        paused = false;
        socket.resume();
    }

    @Override
    public void close(String why) {
        socket.close(why);
    }

    @Override
    public long sentBytes() {
        return socket.sentBytes();
    }

    @Override
    public long receivedBytes() {
        return socket.receivedBytes();
    }

    @Override
    public String toString() {
        return "link with " + peer.host() + " at " + remote;
    }
}
