package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Listens on the control socket: one virtual thread per connection, at most [#CONNECTIONS_MAX].
public final class ControlServer implements AutoCloseable {
    static final String SOCKET = "control.sock";
    static final int CONNECTIONS_MAX = 64;

    /// After the system had no room for one more connection.
    private static final Duration ACCEPT_AGAIN = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(ControlServer.class.getName());

    private final Path socket;
    private final ServerSocketChannel server;
    private final Served served;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private ControlServer(Path socket, ServerSocketChannel server, Served served) {
        this.socket = socket;
        this.server = server;
        this.served = served;
    }

    /// @param runtimeDirectory the home's; whoever holds its lock owns the socket in it
    public static ControlServer open(Path runtimeDirectory, Served served) throws IOException {
        Path socket = runtimeDirectory.resolve(SOCKET);
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            server.close();
            throw new StoreRefused("control socket " + socket + ": " + e.getMessage(), e);
        }
        ControlServer control = new ControlServer(socket, server, served);
        Thread.ofVirtual().name("control").start(control::accept);
        return control;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    private void accept() {
        try {
            while (server.isOpen()) {
                try {
                    admit(server.accept());
                } catch (ClosedChannelException _) {
                    // Closed by us, or a client that came just then.
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "control connection not accepted: cause={0}", e.getMessage());
                    Thread.sleep(ACCEPT_AGAIN);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        if (open.size() >= CONNECTIONS_MAX) {
            try (Wire wire = new Wire(channel)) {
                wire.send(Failures.toJson(new Unreachable("agent: expected at most " + CONNECTIONS_MAX
                        + " programs that ask it, found one more; ask it again later")));
            }
        } else {
            open.add(channel);
            Thread.ofVirtual().name("control-client").start(() -> serve(channel));
        }
    }

    private void serve(SocketChannel channel) {
        try (Wire wire = new Wire(channel);
                Session session = new Session(served.store())) {
            Requests requests = new Requests(served, session);
            while (true) {
                JsonNode request = wire.json();
                try {
                    Requests.Answer answer = requests.answer(request, wire);
                    wire.send(Wire.JSON.createObjectNode().set("result", answer.result()));
                    if (answer.bytes().isPresent()) {
                        wire.send(answer.bytes().get());
                    }
                } catch (EOFException | ClosedChannelException e) {
                    throw e;
                } catch (IOException e) {
                    wire.send(Failures.toJson(e));
                }
            }
        } catch (EOFException | ClosedChannelException _) {
            return; // The client has what it wanted.
        } catch (IOException | UncheckedIOException e) {
            // Unchecked where the client left while it was told of progress.
            LOG.log(Level.DEBUG, "control connection ended: cause={0}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(channel);
        }
    }
}
