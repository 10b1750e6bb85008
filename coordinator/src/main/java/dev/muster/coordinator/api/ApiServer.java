package dev.muster.coordinator.api;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.net.Failure;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Listens for HTTPS, lets in who may, and runs endpoints.
public final class ApiServer implements Closeable {
    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int CONNECTIONS_MAX = 20_000;
    private static final int REQUESTS_MAX = 20_000;

    private static final int HTTP_BAD_REQUEST = 400;
    private static final int HTTP_TOO_LARGE = 413;
    private static final int HTTP_SERVER_ERROR = 500;

    /// More than the longest wait for documents.
    private static final int IDLE_SECONDS = 120;

    private final Vertx vertx;
    private final Gate gate;
    private final List<Endpoint> endpoints;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("api-", 0).factory());
    private final Semaphore requests = new Semaphore(REQUESTS_MAX);
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Address address;

    private ApiServer(Address address, Gate gate, List<Endpoint> endpoints) {
        this.address = address;
        this.gate = gate;
        this.endpoints = endpoints;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(CORES)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /// @param address port 0 for any free one: see [#address]
    /// @throws BadConfiguration if the address cannot be listened on
    static ApiServer start(Address address, TlsKeys keys, Gate gate, List<Endpoint> endpoints) throws BadConfiguration {
        ApiServer server = new ApiServer(address, gate, endpoints);
        try {
            server.vertx
                    .deployVerticle(() -> server.new Loop(address, keys), new DeploymentOptions().setInstances(CORES))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return server;
        } catch (CompletionException e) {
            server.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BadConfiguration(
                    "coordinator address " + address + ": expected to listen there, found " + cause.getMessage());
        }
    }

    /// Where it listens, with the port that it really has.
    public Address address() {
        return address;
    }

    /// Ends every request and closes every connection.
    @Override
    public void close() {
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        threads.close();
    }

    /// A server on one event loop. Servers of one address share its connections evenly.
    private final class Loop extends VerticleBase {
        /// Vert.x: one free port for all servers that ask for this number.
        private static final int ANY_PORT = -1;

        private final Address wanted;
        private final TlsKeys keys;

        Loop(Address wanted, TlsKeys keys) {
            this.wanted = wanted;
            this.keys = keys;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options(keys, gate));
            server.connectionHandler(connection -> {
                connection.closeHandler(closed -> connections.decrementAndGet());
                if (connections.incrementAndGet() > CONNECTIONS_MAX) {
                    connection.close();
                }
            });
            int port = wanted.port() == 0 ? ANY_PORT : wanted.port();
            return server.requestHandler(router())
                    .listen(port, wanted.host())
                    .onSuccess(listening -> address = wanted.withPort(listening.actualPort()));
        }
    }

    private static HttpServerOptions options(TlsKeys keys, Gate gate) {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(new FixedKeys(keys)))
                .setTrustOptions(TrustOptions.wrap(new FixedTrust(gate.trust())))
                .setClientAuth(ClientAuth.REQUEST)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setUseAlpn(false)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true);
    }

    private Router router() {
        Router router = Router.router(vertx);
        for (Endpoint endpoint : endpoints) {
            router.route(HttpMethod.valueOf(endpoint.method().name()), endpoint.path())
                    .handler(BodyHandler.create(false).setBodyLimit(Math.max(1, endpoint.bodyBytesMax())))
                    .handler(context -> begin(endpoint, context))
                    .failureHandler(context -> refuse(endpoint, context));
        }
        return router;
    }

    /// What Vert.x itself refuses, and bugs.
    private static void refuse(Endpoint endpoint, RoutingContext routing) {
        if (routing.statusCode() == HTTP_TOO_LARGE) {
            fail(
                    routing,
                    new BadConfiguration(endpoint.path() + ": expected a body of at most " + endpoint.bodyBytesMax()
                            + " bytes, found more"));
        } else if (!routing.response().ended()) {
            routing.response()
                    .setStatusCode(Math.max(HTTP_BAD_REQUEST, routing.statusCode()))
                    .end();
        }
    }

    /// On the event loop: hands over to a virtual thread.
    private void begin(Endpoint endpoint, RoutingContext routing) {
        Context loop = vertx.getOrCreateContext();
        if (!requests.tryAcquire()) {
            fail(routing, new Unreachable("expected fewer than " + REQUESTS_MAX + " requests at once, found more"));
            return;
        }
        Map<String, String> parameters = new HashMap<>();
        routing.queryParams().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
        parameters.putAll(routing.pathParams());
        Buffer body = routing.body().buffer();
        byte[] bytes = body == null ? new byte[0] : body.getBytes();
        Optional<List<Certificate>> chain = chain(routing);
        try {
            threads.execute(() -> run(endpoint, chain, parameters, bytes, new Reply(routing, loop)));
        } catch (RejectedExecutionException _) {
            requests.release();
            fail(routing, new Unreachable("the coordinator is being stopped"));
        }
    }

    /// Where an answer goes: it must be written on its event loop.
    private record Reply(RoutingContext routing, Context loop) {
        void succeed(Answer answer) {
            loop.runOnContext(_ -> ApiServer.succeed(routing, answer));
        }

        void fail(MusterException e) {
            loop.runOnContext(_ -> ApiServer.fail(routing, e));
        }

        void giveUp() {
            loop.runOnContext(_ -> routing.fail(HTTP_SERVER_ERROR));
        }
    }

    /// On a virtual thread.
    private void run(
            Endpoint endpoint,
            Optional<List<Certificate>> chain,
            Map<String, String> parameters,
            byte[] body,
            Reply reply) {
        try {
            Optional<Caller> caller = gate.admit(endpoint.access(), chain);
            reply.succeed(endpoint.call().answer(new Ask(caller, parameters, body)));
        } catch (MusterException e) {
            reply.fail(e);
        } catch (IOException e) {
            reply.fail(new StoreRefused(String.valueOf(e.getMessage()), e));
        } catch (InterruptedException _) {
            reply.fail(new Unreachable("the coordinator is being stopped"));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "request failed: path=" + endpoint.path(), e);
            reply.giveUp();
        } finally {
            requests.release();
        }
    }

    private static Optional<List<Certificate>> chain(RoutingContext routing) {
        try {
            return Optional.of(List.of(routing.request().sslSession().getPeerCertificates()));
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private static void succeed(RoutingContext routing, Answer answer) {
        if (!routing.response().closed()) {
            routing.response().putHeader("Content-Type", answer.contentType()).end(Buffer.buffer(answer.body()));
        }
    }

    private static void fail(RoutingContext routing, MusterException e) {
        if (routing.response().closed()) {
            return;
        }
        Failure failure = Failure.of(e);
        routing.response()
                .setStatusCode(failure.httpStatus())
                .putHeader(Failure.EXIT_HEADER, String.valueOf(failure.exit()))
                .putHeader(Failure.REASON_HEADER, failure.reason())
                .putHeader(Failure.MESSAGE_HEADER, failure.messageHeader())
                .putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(Json.write(Map.of("error", failure))));
    }
}
