package dev.muster.protocol.net;

import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Tls;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.Message.Hello;
import dev.muster.protocol.wire.MessageAssembler;
import dev.muster.protocol.wire.MessageCodec;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// A peer that says what a test wants it to say.
final class RawPeer implements Closeable {
    private static final int LIMIT_MILLIS = 30_000;

    private final Socket socket;
    private final MessageAssembler assembler = new MessageAssembler();
    private ByteBuffer unread = ByteBuffer.allocate(0);

    private RawPeer(Socket socket) throws SocketException {
        this.socket = socket;
        socket.setSoTimeout(LIMIT_MILLIS);
    }

    static RawPeer plain(Address address) throws IOException {
        return new RawPeer(new Socket(address.host(), address.port()));
    }

    static RawPeer tls(Address address, TlsKeys keys, FleetTrust trust) throws IOException {
        SSLSocket socket =
                (SSLSocket) Tls.context(keys, trust).getSocketFactory().createSocket(address.host(), address.port());
        socket.setSSLParameters(Tls.parameters());
        socket.startHandshake();
        return new RawPeer(socket);
    }

    static Hello hello(String fleet, String host) {
        return new Hello(Message.VERSION, fleet, host, "site-" + host);
    }

    RawPeer send(Message message) throws IOException {
        return send(MessageCodec.encode(message).toBytes());
    }

    RawPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// The next message, or nothing when the other end has closed.
    Optional<Message> receive() throws IOException {
        while (true) {
            Optional<Message> message = assembler.next(unread);
            if (message.isPresent()) {
                return message;
            }
            byte[] bytes = read();
            if (bytes.length == 0) {
                return message;
            }
            unread = ByteBuffer.wrap(bytes);
        }
    }

    /// Everything up to the end.
    int countToTheEnd() throws IOException {
        int count = 0;
        for (byte[] bytes = read(); bytes.length > 0; bytes = read()) {
            count += bytes.length;
        }
        return count;
    }

    /// Some bytes, or none at the end, which may come as a failure too.
    byte[] read() throws IOException {
        byte[] bytes = new byte[8192];
        try {
            int length = socket.getInputStream().read(bytes);
            return Arrays.copyOf(bytes, Math.max(0, length));
        } catch (SocketException | SSLException _) {
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
