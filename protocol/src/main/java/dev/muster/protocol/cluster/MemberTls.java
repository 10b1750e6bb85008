package dev.muster.protocol.cluster;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerConnection;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.MutualTls;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsKeys;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS for all connections of one member. Each has some seconds to get through its handshake.
final class MemberTls implements Closeable {
    private static final Logger LOG = System.getLogger(MemberTls.class.getName());

    /// For signatures and certificates: however many knock, so much of the machine is spent on them.
    private static final int THREADS = 2;

    private final TlsKeys keys;
    private final Duration handshake;
    private final Doorkeeper doorkeeper;
    private final ScheduledThreadPoolExecutor executor;
    private volatile FleetTrust trust;
    private volatile MutualTls tls;

    /// @param handshake from the start of a connection until its peer is known
    MemberTls(TlsKeys keys, FleetTrust trust, Duration handshake) {
        this.keys = keys;
        this.trust = trust;
        this.tls = new MutualTls(keys, trust);
        this.handshake = handshake;
        this.doorkeeper = new Doorkeeper(subject -> this.trust.isRevoked(subject));
        this.executor = new ScheduledThreadPoolExecutor(
                THREADS, Thread.ofPlatform().daemon().name("cluster-tls-", 0).factory());
        executor.setRemoveOnCancelPolicy(true);
    }

    /// Decides from the next connection on.
    void trust(FleetTrust next) {
        trust = next;
        tls = new MutualTls(keys, next);
    }

    Doorkeeper doorkeeper() {
        return doorkeeper;
    }

    /// What begins a channel: TLS, and inside it what `plain` begins it with.
    ChannelInitializer initializer(ChannelInitializer plain) {
        return channel -> {
            Connection connection = new Connection(channel);
            if (connection.isWelcome()) {
                TlsChannel inner = connection.secured();
                channel.inboundPipeline().addLast(new TlsDecoder(inner));
                plain.initChannel(channel);
                channel.outboundPipeline().addLast(new TlsEncoder(inner));
            } else {
                connection.close("too many connections that have not shown who they are");
            }
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private final class Connection implements TlsChannel.Connection, Doorkeeper.Visit {
        private final Channel channel;
        private final String from;
        private final AtomicBoolean stranger = new AtomicBoolean();
        private final AtomicReference<@Nullable Subject> peer = new AtomicReference<>();
        private final Future<?> limit;

        Connection(Channel channel) {
            this.channel = channel;
            this.from = channel.socket().getInetAddress().getHostAddress();
            this.limit = executor.schedule(this::late, handshake.toMillis(), TimeUnit.MILLISECONDS);
            channel.addCloseListener(_ -> closed());
        }

        /// Those that we dialled are no strangers: we asked for them.
        boolean isWelcome() {
            boolean welcome = channel.isClientMode() || doorkeeper.strangers().came(from);
            stranger.set(welcome && !channel.isClientMode());
            return welcome;
        }

        TlsChannel secured() throws SSLException {
            return new TlsChannel(tls, channel.isClientMode(), executor, this);
        }

        @Override
        public void greet(Subject subject) throws CertificateException {
            limit.cancel(false);
            peer.set(subject);
            doorkeeper.enter(subject, this);
            noStranger();
            if (channel.isClosed()) {
                doorkeeper.leave(subject, this);
            }
        }

        private void late() {
            close("handshake took longer than " + handshake.toMillis() + " ms");
        }

        private void closed() {
            limit.cancel(false);
            noStranger();
            Subject subject = peer.get();
            if (subject == null) {
                doorkeeper.turnedAway();
            } else {
                doorkeeper.leave(subject, this);
            }
        }

        private void noStranger() {
            if (stranger.getAndSet(false)) {
                doorkeeper.strangers().gone(from);
            }
        }

        @Override
        public void wakeReader() {
            channel.inboundPipeline().wakeup();
        }

        @Override
        public void wakeWriter() {
            channel.outboundPipeline().wakeup();
        }

        @Override
        public void close(String why) {
            LOG.log(Level.DEBUG, "connection of a member closed: with={0} why={1}", from, why);
            if (channel.attributeMap().get(ServerConnection.class) instanceof ServerConnection connection) {
                connection.close(why, null);
            }
        }
    }
}
