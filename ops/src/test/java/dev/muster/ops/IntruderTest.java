package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A stranger with raw sockets on every open port of a coordinator and an agent, which are processes with the shipped
/// program: it gets no answer but TLS alerts, it costs a bounded number of descriptors, and the fleet goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IntruderTest {
    private static final int LENGTH = 4 << 20;
    private static final int ALERT = 21;

    /// Above what a process had before: of one address an agent takes 32 strangers on each of its ports, and a
    /// coordinator's interface 128.
    private static final int DESCRIPTORS_MAX = 200;

    /// Connections of the fleet itself come and go.
    private static final int FEW = 20;

    /// Not that of the fleet, so that its own share is taken from the intruder alone.
    private static final String INTRUDER = "127.0.0.2";

    private static final int READ_MILLIS = 20_000;

    /// Other protocols, and TLS that is none.
    private static final List<byte[]> GREETINGS = List.of(
            bytes("GET / HTTP/1.1\r\nHost: muster\r\n\r\n"),
            bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            bytes("HZC\4\0\0\0\0\0\0\0\0\0\10\0\0\0\0\0\0\0\0"),
            bytes("CB2\0\0\0\40"),
            bytes("\26\3\1\377\377\1"),
            bytes("\25\3\3\0\2\1\0"),
            bytes("\27\3\3\100\0".repeat(50)),
            new byte[1 << 16]);

    private final FleetOnOneMachine fleet;
    private final Path image;
    private int releases;

    IntruderTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        this.fleet = new FleetOnOneMachine(directory);
        this.image = directory.resolve("image.raw");
    }

    @BeforeAll
    void aFleetIsMade() throws IOException, InterruptedException {
        fleet.start();
        new Versions(3, LENGTH, LENGTH, 0, 1 << 16).writeNext(image);
        goesOn();
    }

    @AfterAll
    void everythingEnds() {
        fleet.close();
    }

    @Test
    void otherProtocolsGetNoAnswer() throws Exception {
        for (int port : ports()) {
            for (byte[] greeting : GREETINGS) {
                try (Socket socket = connect(port)) {
                    write(socket, greeting);
                    socket.shutdownOutput();
                    assertNothingButAlerts(port, read(socket));
                }
            }
        }
        goesOn();
    }

    /// TLS itself works, or nobody could join; it leads nowhere without a certificate.
    @Test
    void tlsWithoutACertificateLeadsNowhere() throws Exception {
        for (int port : ports()) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket = (SSLSocket)
                        anybodysFriend().getSocketFactory().createSocket(connect(port), "127.0.0.1", port, true)) {
                    socket.setEnabledProtocols(new String[] {protocol});
                    socket.startHandshake();
                    write(socket, bytes("GET /status HTTP/1.1\r\nHost: muster\r\nConnection: close\r\n\r\n"));
                    String answer = new String(read(socket), StandardCharsets.ISO_8859_1);
                    assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
                } catch (SSLException | SocketException _) {
                    // The end.
                }
            }
        }
        goesOn();
    }

    @Test
    void aCrowdOfSilentConnectionsIsBounded() throws Exception {
        crowd(200);
    }

    @Test
    @Tag("long")
    void aCrowdOfTwoThousandIsBoundedToo() throws Exception {
        crowd(2000);
    }

    /// Of each port, half of them silent and half in the middle of a record.
    private void crowd(int size) throws Exception {
        Map<String, Running> processes = fleet.processes();
        Map<String, Long> before = new HashMap<>();
        processes.forEach((name, process) -> before.put(name, process.descriptors()));
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int port : ports()) {
                for (int i = 0; i < size; i++) {
                    join(crowd, port, i % 2 == 0);
                }
            }
            for (Map.Entry<String, Running> each : processes.entrySet()) {
                // One too many is accepted before it is sent away: a busy process gets there in its own time.
                Eventually.eventually(
                        each.getKey() + " has turned most away",
                        () -> each.getValue().descriptors() <= before.get(each.getKey()) + DESCRIPTORS_MAX);
            }
            goesOn();
            assertForgotten(before);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
        goesOn();
        assertForgotten(before);
    }

    private void assertForgotten(Map<String, Long> before) throws InterruptedException {
        for (Map.Entry<String, Running> each : fleet.processes().entrySet()) {
            Eventually.eventually(
                    each.getKey() + " has forgotten them",
                    () -> each.getValue().descriptors() <= before.get(each.getKey()) + FEW);
        }
    }

    /// The fleet does its work: an image is published by one agent and copied to another.
    private void goesOn() throws IOException, InterruptedException {
        releases++;
        fleet.publish(image, "disk:" + releases);
        // An agent that has just started may know no peer yet, and says so.
        Eventually.eventually(
                "it is copied",
                () -> fleet.run("pull", "disk:" + releases, "--home", fleet.home(2))
                                .exit()
                        == 0);
    }

    /// One who is one too many may be sent away before it has quite come in.
    private static void join(List<Socket> crowd, int port, boolean speaks) throws IOException {
        try {
            Socket socket = connect(port);
            crowd.add(socket);
            if (speaks) {
                write(socket, bytes("\26\3\1\1\0\1"));
            }
        } catch (SocketException _) {
            // It was.
        }
    }

    private List<Integer> ports() throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (Running each : fleet.processes().values()) {
            ports.addAll(each.ports());
        }
        assertEquals(2 + 2 + 2, ports.size(), "ports " + ports);
        return ports;
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(READ_MILLIS);
        socket.bind(new InetSocketAddress(INTRUDER, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_MILLIS);
        return socket;
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException _) {
            // It is closed already.
        }
    }

    private static byte[] read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readNBytes(1 << 16);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException _) {
            return new byte[0];
        }
    }

    private static void assertNothingButAlerts(int port, byte[] answer) {
        int at = 0;
        while (at < answer.length) {
            assertEquals(ALERT, answer[at], "port " + port + " said " + new String(answer, StandardCharsets.US_ASCII));
            at += 5 + (((answer[at + 3] & 0xff) << 8) + (answer[at + 4] & 0xff));
        }
    }

    private static SSLContext anybodysFriend() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
