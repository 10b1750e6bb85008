package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.wire.Address;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// One event loop for each core, all of which accept connections at one address, and dial in turn.
final class EventLoops {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int ACCEPT_BACKLOG = 1024;

    private final Vertx vertx;
    private final NetClient client;
    private final List<Context> contexts = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Address address = new Address("localhost", 0);

    EventLoops(Duration connectLimit) {
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(CORES)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) connectLimit.toMillis())
                .setReconnectAttempts(0));
    }

    /// @param accept is given each connection on its event loop, before anything is read from it
    /// @throws BadConfiguration if the address cannot be listened on; then all is closed
    void listen(Address wanted, Handler<NetSocket> accept) throws BadConfiguration {
        address = wanted;
        try {
            await(vertx.deployVerticle(() -> new Loop(wanted, accept), new DeploymentOptions().setInstances(CORES)));
        } catch (CompletionException e) {
            close();
            throw new BadConfiguration("peer address " + wanted + ": expected to listen there, found "
                    + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
    }

    Address address() {
        return address;
    }

    /// Runs a task on one loop after the other; after [#close] nowhere.
    void run(Runnable task) {
        try {
            contexts.get(Math.floorMod(turn.getAndIncrement(), contexts.size())).runOnContext(_ -> task.run());
        } catch (RejectedExecutionException _) {
            // Closed: there is nobody to be told.
        }
    }

    /// The loop that this is called on.
    Context current() {
        return vertx.getOrCreateContext();
    }

    /// To be called on a loop, to which the connection will belong.
    Future<NetSocket> connect(Address peer) {
        return client.connect(peer.port(), peer.host());
    }

    /// Waits until every connection is closed.
    void close() {
        await(vertx.close());
    }

    private static void await(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    /// A server on one loop. Servers of one address share its connections evenly.
    private final class Loop extends VerticleBase {
        /// Vert.x: one free port for all servers that ask for this number.
        private static final int ANY_PORT = -1;

        private final Address wanted;
        private final Handler<NetSocket> accept;

        Loop(Address wanted, Handler<NetSocket> accept) {
            this.wanted = wanted;
            this.accept = accept;
        }

        @Override
        public Future<?> start() {
            int port = wanted.port() == 0 ? ANY_PORT : wanted.port();
            NetServer server = vertx.createNetServer(new NetServerOptions().setAcceptBacklog(ACCEPT_BACKLOG));
            return server.connectHandler(accept).listen(port, wanted.host()).onSuccess(_ -> {
                address = wanted.withPort(server.actualPort());
                contexts.add(context);
            });
        }
    }
}
