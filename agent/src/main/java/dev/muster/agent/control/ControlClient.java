package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.chunkstore.Progress;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.disk.RuntimeDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The other end of the control socket, for programs on the same host. Safe for many threads: each request takes a
/// connection of its own.
public final class ControlClient implements Closeable {
    private final Path home;
    private final Path socket;
    private final ConcurrentLinkedQueue<Wire> idle = new ConcurrentLinkedQueue<>();

    private ControlClient(Path home, Path socket) {
        this.home = home;
        this.socket = socket;
    }

    /// The agent of a home.
    ///
    /// @throws Unreachable if none runs there, saying how to start one
    public static ControlClient open(Path home, Map<String, String> environment) throws IOException {
        Path socket = RuntimeDirectory.of(home, environment).resolve(ControlServer.SOCKET);
        ControlClient client = new ControlClient(home, socket);
        client.idle.add(client.connect());
        return client;
    }

    /// Asks and returns the result.
    public JsonNode ask(ObjectNode request) throws IOException {
        return ask(request, Progress.NONE);
    }

    /// Asks something that takes a while.
    public JsonNode ask(ObjectNode request, Progress progress) throws IOException {
        return exchange(wire -> {
            wire.send(request);
            return result(wire, progress);
        });
    }

    public static ObjectNode request(String verb) {
        return Wire.JSON.createObjectNode().put("do", verb);
    }

    /// The agent's store, as this process may use it.
    public RemoteStore store() {
        return new RemoteStore(this);
    }

    @Override
    public void close() throws IOException {
        for (Wire wire = idle.poll(); wire != null; wire = idle.poll()) {
            wire.close();
        }
    }

    /// Sends a request with bytes.
    void tell(ObjectNode request, byte[] bytes) throws IOException {
        exchange(wire -> {
            wire.send(request);
            wire.send(bytes);
            return result(wire, Progress.NONE);
        });
    }

    /// Hands a signed document to the agent.
    ///
    /// @return whether it is new there
    public boolean offer(byte[] document) throws IOException {
        return exchange(wire -> {
            wire.send(request("offer"));
            wire.send(document);
            return result(wire, Progress.NONE).path("new").asBoolean();
        });
    }

    /// Asks for bytes.
    Optional<byte[]> bytes(ObjectNode request) throws IOException {
        return exchange(wire -> {
            wire.send(request);
            boolean found = result(wire, Progress.NONE).path("found").asBoolean();
            return found ? Optional.of(wire.bytes()) : Optional.<byte[]>empty();
        });
    }

    /// Asks for bytes that always come.
    byte[] following(ObjectNode request) throws IOException {
        return exchange(wire -> {
            wire.send(request);
            JsonNode _ = result(wire, Progress.NONE);
            return wire.bytes();
        });
    }

    /// What is done with a connection.
    @FunctionalInterface
    private interface Exchange<T> {
        T with(Wire wire) throws IOException;
    }

    private <T> T exchange(Exchange<T> exchange) throws IOException {
        Wire wire = idle.poll();
        if (wire == null) {
            wire = connect();
        }
        boolean whole = false;
        try {
            T result = exchange.with(wire);
            whole = true;
            return result;
        } finally {
            if (whole) {
                idle.add(wire);
            } else {
                wire.close();
            }
        }
    }

    private static JsonNode result(Wire wire, Progress progress) throws IOException {
        while (true) {
            JsonNode message = wire.json();
            if (message.has("error")) {
                throw Failures.fromJson(message.get("error"));
            }
            if (message.has("result")) {
                return message.get("result");
            }
            if (message.has("phase")) {
                progress.phase(
                        message.get("phase").asText(), message.path("total").asLong());
            } else {
                progress.advance(message.path("advance").asLong());
            }
        }
    }

    Wire connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Wire(channel);
        } catch (IOException e) {
            channel.close();
            throw new Unreachable(
                    "agent of " + home + ": expected one that runs, found none; start it: muster agent --home " + home,
                    e);
        }
    }
}
