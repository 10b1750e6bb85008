package dev.muster.protocol.cluster;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.Tls;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whoever is not enrolled gets no further than the handshake, and the cluster goes on meanwhile.
class StrangerTest {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);
    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    private final FleetFixture test = new FleetFixture("test");
    private HazelcastFleet member;

    @BeforeEach
    void start() throws Exception {
        member = open(test.keys("a", Role.HOST), test.trust(), List.of());
    }

    @AfterEach
    void stop() {
        member.close();
    }

    @Test
    void whoShowsNoCertificateOfThisFleetIsSentAway() throws Exception {
        for (TlsKeys keys : strangers()) {
            try (SSLSocket socket = (SSLSocket) Tls.context(keys, test.trust())
                    .getSocketFactory()
                    .createSocket(connect(), "127.0.0.1", member.address().port(), true)) {
                socket.setSSLParameters(Tls.parameters());
                socket.startHandshake();
                socket.getOutputStream().write("HZC".getBytes(StandardCharsets.US_ASCII));
                assertEnd(socket);
            } catch (SSLException | SocketException _) {
                // The end.
            }
            assertEquals(0, member.doorkeeper().inside());
        }
        int expected = strangers().size();
        eventually("all were refused", () -> member.doorkeeper().refusals() == expected);
        assertThatOneCanJoin();
    }

    /// A member waits long for those that take its connections and say nothing, before it is one on its own.
    @Test
    @Tag("long")
    void aMemberOfAnotherFleetIsAloneInTheEnd() throws Exception {
        TlsKeys keys = new FleetFixture("test").keys("b", Role.HOST);
        try (HazelcastFleet stranger = open(keys, test.trust(), List.of(member.address()))) {
            assertEquals(List.of(stranger.address()), stranger.members());
            assertEquals(List.of(member.address()), member.members());
        }
    }

    private List<TlsKeys> strangers() throws IOException {
        Instant now = Instant.now();
        Validity past = new Validity(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        return List.of(
                TlsKeys.none(),
                new FleetFixture("test").keys("b", Role.HOST),
                test.keys("b", Role.OPERATOR),
                new TlsKeys(test.identity("b", Role.HOST, past)));
    }

    @Test
    void otherProtocolsEndAtTheFirstRecord() throws Exception {
        List<String> greetings = List.of(
                "HZC\4\0\0\0\0\0\0\0\0\0\10",
                "CB2\0\0\0\0",
                "GET /hazelcast/rest HTTP/1.1\r\n\r\n",
                "\26\3\1\377\377",
                "\0");
        for (String greeting : greetings) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(greeting.repeat(100).getBytes(StandardCharsets.ISO_8859_1));
                assertEnd(socket);
            }
        }
        assertThatOneCanJoin();
    }

    @Test
    void whoSaysNothingIsShownTheDoor() throws Exception {
        try (Socket silent = connect();
                Socket slow = connect()) {
            slow.getOutputStream().write(new byte[] {22, 3, 1});
            assertThatOneCanJoin();

            assertEnd(silent);
            assertEnd(slow);
        }
        eventually("nobody is left", () -> member.doorkeeper().strangers().count() == 0);
    }

    @Test
    void oneAddressHoldsOnlySoManyPlaces() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                join(crowd);
                assertTrue(member.doorkeeper().strangers().count() <= Doorkeeper.STRANGERS_PER_ADDRESS_MAX);
            }
            for (Socket one : crowd) {
                assertEnd(one);
            }
        } finally {
            for (Socket one : crowd) {
                one.close();
            }
        }
        eventually("nobody is left", () -> member.doorkeeper().strangers().count() == 0);
        assertThatOneCanJoin();
    }

    /// One too many may be sent away before it has quite come in.
    private void join(List<Socket> crowd) throws IOException {
        try {
            crowd.add(connect());
        } catch (SocketException _) {
            // It was.
        }
    }

    private void assertThatOneCanJoin() throws Exception {
        Presence presence = new Presence(
                Kind.AGENT,
                new PeerAddress("c", "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                0,
                List.of());
        try (HazelcastFleet one = open(test.keys("c", Role.HOST), test.trust(), List.of(member.address()))) {
            one.publish(presence);
            eventually("the member sees it", () -> member.present().contains(presence));
        }
    }

    private static HazelcastFleet open(TlsKeys keys, FleetTrust trust, List<Address> join) throws MusterException {
        return HazelcastFleet.open(new ClusterSettings("test", ANY_PORT, join), new MemberTls(keys, trust, HANDSHAKE));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        // Before it is connected: the other end may be gone right after.
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), member.address().port()));
        return socket;
    }

    /// The member closes, and says at most what TLS says to that: an alert.
    private static void assertEnd(Socket socket) {
        try {
            byte[] said = socket.getInputStream().readAllBytes();
            assertFalse(new String(said, StandardCharsets.ISO_8859_1).contains("HZ"), "it speaks Hazelcast");
        } catch (IOException e) {
            assertFalse(e.getMessage().contains("timed out"), e.toString());
        }
    }
}
