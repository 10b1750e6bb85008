package dev.muster.protocol.net;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.net.RecordingListener.Closed;
import dev.muster.protocol.net.RecordingListener.Connected;
import dev.muster.protocol.net.RecordingListener.Failed;
import dev.muster.protocol.net.RecordingListener.Received;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.Message.Cancel;
import dev.muster.protocol.wire.Message.Hello;
import dev.muster.protocol.wire.Message.Ping;
import dev.muster.protocol.wire.Message.Pong;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class TlsPeerNetworkTest extends PeerNetworkContract {
    private static final byte[] GARBAGE = "GET / HTTP/1.1\r\nHost: muster\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final LinkLimits SHORT =
            new LinkLimits(LINKS, 4, QUEUE_BYTES, Duration.ofSeconds(1), LIMITS.ping(), LIMITS.silence());

    private final FleetFixture fleet = new FleetFixture("test");

    @Override
    PeerNetwork open(String host, PeerListener listener) throws IOException {
        return fleet.open(host, LIMITS, listener);
    }

    @Test
    void aHostOfAnotherCaIsRefusedByBothEnds() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork stranger = new FleetFixture("test").open("b", LIMITS, atB)) {
            a.connect(peer("b", stranger));
            stranger.connect(peer("a", a));

            assertEquals("b", atA.next(Failed.class).peer().host());
            assertEquals("a", atB.next(Failed.class).peer().host());
            assertEquals(0, a.links());
        }
    }

    @Test
    void aHostThatIsShutOutLosesItsLinkAndGetsNoOther() throws Exception {
        Set<String> out = ConcurrentHashMap.newKeySet();
        FleetTrust trust = fleet.trust().without(subject -> out.contains(subject.id()));
        try (TlsPeerNetwork a = fleet.open("a", trust, LIMITS, atA);
                PeerNetwork b = open("b", atB)) {
            b.connect(peer("a", a));
            assertEquals("a", atB.next(Connected.class).link().host());
            assertEquals("b", atA.next(Connected.class).link().host());

            out.add("b");
            a.closeIf(out::contains, "revoked");

            assertEquals("b", atA.next(Closed.class).link().host());
            assertEquals("a", atB.next(Closed.class).link().host());
            b.connect(peer("a", a));
            assertEquals("a", atB.next(Failed.class).peer().host());
            a.connect(peer("b", b));
            assertEquals("b", atA.next(Failed.class).peer().host());
            assertEquals(0, a.links());
        }
    }

    @Test
    void onlyHostsAreWelcome() throws Exception {
        try (PeerNetwork a = open("a", atA)) {
            for (Role role : List.of(Role.COORDINATOR, Role.OPERATOR)) {
                assertNotWelcome(a, fleet.keys("b", role));
            }
        }
    }

    @Test
    void whoShowsNoCertificateIsNotWelcome() throws Exception {
        try (PeerNetwork a = open("a", atA)) {
            assertNotWelcome(a, TlsKeys.none());
        }
    }

    @Test
    void whoSaysHeIsAnotherIsNotWelcome() throws Exception {
        try (PeerNetwork a = open("a", atA)) {
            List<Message> lies = List.of(
                    RawPeer.hello("test", "c"),
                    RawPeer.hello("other", "b"),
                    new Hello(2, "test", "b", "site"),
                    new Ping(1));
            for (Message lie : lies) {
                try (RawPeer b = RawPeer.tls(a.address(), fleet.keys("b", Role.HOST), fleet.trust())) {
                    assertEquals(Optional.empty(), b.send(lie).receive());
                }
            }
            assertTrue(atA.isQuiet());
        }
    }

    @Test
    void aHostDoesNotTalkWithItself() throws Exception {
        try (PeerNetwork a = open("a", atA)) {
            assertNotWelcome(a, fleet.keys("a", Role.HOST));
        }
    }

    @Test
    void whoTalksPlainTextGetsNothingButAnAlert() throws Exception {
        try (PeerNetwork a = open("a", atA);
                RawPeer plain = RawPeer.plain(a.address())) {
            int bytes = plain.send(RawPeer.hello("test", "b")).countToTheEnd();

            assertTrue(bytes <= 7, "a TLS alert has 7 bytes, found " + bytes);
            assertTrue(atA.isQuiet());
        }
    }

    @Test
    void whoDoesNotGreetInTimeIsDropped() throws Exception {
        try (PeerNetwork a = fleet.open("a", SHORT, atA);
                RawPeer silent = RawPeer.plain(a.address());
                RawPeer halfway = RawPeer.tls(a.address(), fleet.keys("b", Role.HOST), fleet.trust())) {
            assertEquals(0, silent.countToTheEnd());
            assertEquals(0, halfway.countToTheEnd());
            assertTrue(atA.isQuiet());
        }
    }

    @Test
    void connectionsThatHaveNotGreetedAreFew() throws Exception {
        List<RawPeer> silent = new ArrayList<>();
        try (PeerNetwork a = fleet.open("a", SHORT, atA);
                PeerNetwork b = open("b", atB)) {
            TlsKeys keys = fleet.keys("c", Role.HOST);
            for (int i = 0; i < LIMITS.greetings(); i++) {
                silent.add(RawPeer.tls(a.address(), keys, fleet.trust()));
            }

            b.connect(peer("a", a));
            assertEquals("a", atB.next(Failed.class).peer().host());

            for (RawPeer peer : silent) {
                assertEquals(0, peer.countToTheEnd());
            }
            b.connect(peer("a", a));
            assertEquals("a", atB.next(Connected.class).link().host());
        }
        for (RawPeer peer : silent) {
            peer.close();
        }
    }

    @Test
    void garbageClosesItsLinkAndNoOther() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork c = open("c", atB);
                RawPeer b = RawPeer.tls(a.address(), fleet.keys("b", Role.HOST), fleet.trust())) {
            assertEquals(
                    Optional.of(RawPeer.hello("test", "a")),
                    b.send(RawPeer.hello("test", "b")).receive());
            PeerLink bad = atA.next(Connected.class).link();
            c.connect(peer("a", a));
            PeerLink good = atA.next(Connected.class).link();

            b.send(new Cancel(1)).send(GARBAGE).send(new Cancel(2));

            assertEquals(new Cancel(1), atA.next(Received.class).message());
            Closed closed = atA.next(Closed.class);
            assertEquals(bad, closed.link());
            assertTrue(closed.why().startsWith("message: expected a type"), closed.why());
            atB.next(Connected.class).link().send(new Cancel(3));
            assertEquals(good, atA.next(Received.class).link());
        }
    }

    @Test
    void pingsAreAnsweredAndWhoAnswersNoneIsDropped() throws Exception {
        try (PeerNetwork a = open("a", atA);
                RawPeer b = RawPeer.tls(a.address(), fleet.keys("b", Role.HOST), fleet.trust())) {
            b.send(RawPeer.hello("test", "b")).send(new Ping(42));
            assertEquals(Optional.of(RawPeer.hello("test", "a")), b.receive());
            assertEquals(Optional.of(new Pong(42)), b.receive());

            PeerLink link = atA.next(Connected.class).link();
            Set<Class<?>> asked = receiveAll(b).stream().map(Object::getClass).collect(Collectors.toSet());

            assertEquals(Set.of(Ping.class), asked);
            assertEquals(new Closed(link, "silent"), atA.next(Closed.class));
        }
    }

    @Test
    void withNewTrustNewConnectionsAreJudgedAnew() throws Exception {
        FleetTrust otherTrust = new FleetFixture("test").trust();
        try (TlsPeerNetwork a = fleet.open("a", LIMITS, atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink link = atA.next(Connected.class).link();
            atB.next(Connected.class);

            a.trust(otherTrust);
            link.close("once more");
            atA.next(Closed.class);
            a.connect(peer("b", b));

            assertEquals("b", atA.next(Failed.class).peer().host());
        }
    }

    @Test
    void connectionsAreSpreadOverTheEventLoops() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        RecordingListener noting = new RecordingListener() {
            @Override
            public void connected(PeerLink link) {
                threads.add(Thread.currentThread());
                super.connected(link);
            }
        };
        try (PeerNetwork a = open("a", noting)) {
            for (int i = 0; i < 4; i++) {
                try (PeerNetwork other = open("h" + i, atB)) {
                    other.connect(peer("a", a));
                    noting.next(Connected.class);
                }
                noting.next(Closed.class);
            }
        }
        assertEquals(Math.min(4, Runtime.getRuntime().availableProcessors()), threads.size());
    }

    @Test
    void aPortInUseIsRefusedByItsAddress() throws Exception {
        try (PeerNetwork a = open("a", atA)) {
            BadConfiguration refused = assertThrows(
                    BadConfiguration.class,
                    () -> TlsPeerNetwork.open(
                            a.address(), "site", fleet.keys("b", Role.HOST), fleet.trust(), LIMITS, atB));

            assertTrue(refused.toString().contains(a.address().toString()), refused.toString());
            assertTrue(refused.toString().contains("in use"), refused.toString());
        }
    }

    @Test
    void afterCloseThereIsNoLinkAndNobodyListens() throws Exception {
        PeerNetwork a = open("a", atA);
        try (PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            atA.next(Connected.class);
            atB.next(Connected.class);

            a.close();

            assertEquals(0, a.links());
            atB.next(Closed.class);
            b.connect(peer("a", a));
            assertEquals("a", atB.next(Failed.class).peer().host());
            eventually("the link is gone", () -> b.links() == 0);
        }
    }

    private void assertNotWelcome(PeerNetwork network, TlsKeys keys) throws IOException {
        try (RawPeer peer = RawPeer.tls(network.address(), keys, fleet.trust())) {
            assertEquals(Optional.empty(), peer.send(RawPeer.hello("test", "b")).receive());
        } catch (SocketException | SSLException _) {
            // Refused already.
        }
        assertEquals(0, network.links());
        assertTrue(atA.isQuiet());
    }

    private static List<Message> receiveAll(RawPeer peer) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Optional<Message> next = peer.receive(); next.isPresent(); next = peer.receive()) {
            messages.add(next.get());
        }
        return messages;
    }
}
