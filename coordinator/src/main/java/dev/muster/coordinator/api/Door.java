package dev.muster.coordinator.api;

import dev.muster.protocol.net.Strangers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where connections come in. Vert.x tells of a connection when its TLS handshake is done; until then it is one of a
/// limited number of strangers, all of them and those of each address, and whoever is one too many is closed before
/// anything is read from it. Safe for threads.
final class Door extends NioTransport implements Transport {
    /// A connection in its handshake costs a descriptor and up to 100 KiB.
    private static final int STRANGERS_MAX = 1024;

    private static final int STRANGERS_PER_ADDRESS_MAX = 128;

    private final Strangers strangers = new Strangers(STRANGERS_MAX, STRANGERS_PER_ADDRESS_MAX);
    private final Set<Caller> waiting = ConcurrentHashMap.newKeySet();

    /// The other end of a connection.
    private record Caller(String address, int port) {}

    /// The handshake of this one is done.
    void passed(SocketAddress remote) {
        forget(new Caller(remote.hostAddress(), remote.port()));
    }

    private boolean admit(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            return false; // It is gone again.
        }
        Caller caller = new Caller(remote.getAddress().getHostAddress(), remote.getPort());
        if (!strangers.came(caller.address)) {
            return false;
        }
        waiting.add(caller);
        channel.closeFuture().addListener(_ -> forget(caller));
        return true;
    }

    private void forget(Caller caller) {
        if (waiting.remove(caller)) {
            strangers.gone(caller.address);
        }
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? super.serverChannelFactory(true) : Listening::new;
    }

    /// Lets in who may wait.
    private final class Listening extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            if (count > 0 && accepted.getLast() instanceof Channel channel && !admit(channel)) {
                accepted.removeLast();
                channel.unsafe().closeForcibly();
                return 0;
            }
            return count;
        }
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }
}
