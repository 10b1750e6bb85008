package dev.muster.coordinator.api;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Refused;
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
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// Listens for HTTPS, lets in who may, and runs endpoints.
public final class ApiServer implements Closeable {
    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int CONNECTIONS_MAX = 20_000;

    /// Connections without a client's certificate: of hosts that enrol. They may last only so long.
    private static final int NAMELESS_MAX = 1000;

    private static final Duration NAMELESS_LIFE = Duration.ofMinutes(1);

    /// As many as connections: each host waits for documents.
    private static final int WAITING_MAX = CONNECTIONS_MAX;
    private static final int OPERATORS_MAX = 500;
    private static final int OTHERS_MAX = 5000;
    private static final String CALLER = "caller";

    private static final int HTTP_BAD_REQUEST = 400;
    private static final int HTTP_TOO_LARGE = 413;
    private static final int HTTP_SERVER_ERROR = 500;

    /// As long a connection may last that is not counted yet.
    private static final int HANDSHAKE_SECONDS = 5;

    /// More than the longest wait for documents.
    private static final int IDLE_SECONDS = 120;

    private final Vertx vertx;
    private final Gate gate;
    private final List<Endpoint> endpoints;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("api-", 0).factory());
    private final Turnstile requests = new Turnstile(WAITING_MAX, OPERATORS_MAX, OTHERS_MAX);
    private final Door door = new Door();
    private final Connections connections = new Connections(CONNECTIONS_MAX, NAMELESS_MAX, NAMELESS_LIFE);
    private volatile Address address;

    private ApiServer(Address address, Gate gate, List<Endpoint> endpoints) {
        this.address = address;
        this.gate = gate;
        this.endpoints = endpoints;
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(CORES)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        this.vertx = Vertx.builder().with(options).withTransport(door).build();
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
                door.passed(connection.remoteAddress());
                connections.opened(connection, vertx);
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
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true);
    }

    private Router router() {
        Router router = Router.router(vertx);
        for (Endpoint endpoint : endpoints) {
            router.route(HttpMethod.valueOf(endpoint.method().name()), endpoint.path())
                    .handler((SecurityPolicyHandler) context -> admit(endpoint, context))
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

    /// On the event loop, before any of the body is kept: goes on only for those who may call.
    private void admit(Endpoint endpoint, RoutingContext routing) {
        try {
            routing.put(CALLER, gate.admit(endpoint.access(), routing.request().sslSession()));
            routing.next();
        } catch (Refused e) {
            fail(routing, e);
        }
    }

    /// On the event loop, with the body whole: hands over to a virtual thread.
    private void begin(Endpoint endpoint, RoutingContext routing) {
        Context loop = vertx.getOrCreateContext();
        Map<String, String> parameters = new HashMap<>();
        routing.queryParams().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
        parameters.putAll(routing.pathParams());
        Buffer body = routing.body().buffer();
        byte[] bytes = body == null ? new byte[0] : body.getBytes();
        Optional<Caller> caller = Objects.requireNonNull(routing.get(CALLER), "not admitted");
        try {
            Semaphore lane = requests.enter(endpoint, caller);
            Reply reply = new Reply(routing, loop, lane);
            try {
                threads.execute(() -> run(endpoint, new Ask(caller, parameters, bytes), reply));
            } catch (RejectedExecutionException _) {
                lane.release();
                fail(routing, new Unreachable("the coordinator is being stopped"));
            }
        } catch (Unreachable e) {
            fail(routing, e);
        }
    }

    /// Where an answer goes: it must be written on its event loop.
    ///
    /// @param lane where the request is counted
    private record Reply(RoutingContext routing, Context loop, Semaphore lane) {
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
    private static void run(Endpoint endpoint, Ask ask, Reply reply) {
        try {
            reply.succeed(endpoint.call().answer(ask));
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
            reply.lane.release();
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
