package dev.muster.protocol.net;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.RecordingListener.Closed;
import dev.muster.protocol.net.RecordingListener.Connected;
import dev.muster.protocol.net.RecordingListener.Drained;
import dev.muster.protocol.net.RecordingListener.Failed;
import dev.muster.protocol.net.RecordingListener.Received;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message.Cancel;
import dev.muster.protocol.wire.Message.Data;
import dev.muster.protocol.wire.Message.NotHere;
import dev.muster.protocol.wire.MessageCodec;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every peer network promises.
abstract class PeerNetworkContract {
    static final int QUEUE_BYTES = 1 << 20;
    static final int LINKS = 8;
    static final LinkLimits LIMITS = new LinkLimits(
            LINKS, 4, QUEUE_BYTES, Duration.ofSeconds(6), Duration.ofMillis(300), Duration.ofMillis(2_500));

    /// What sockets and TLS may hold besides the queue, at most.
    private static final int ON_THE_WAY_BYTES = 32 << 20;

    final RecordingListener atA = new RecordingListener();
    final RecordingListener atB = new RecordingListener();

    /// A network of one host, which the test closes.
    abstract PeerNetwork open(String host, PeerListener listener) throws IOException;

    @Test
    void aDialMakesALinkAtBothEndsThatKnowEachOther() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));

            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();

            assertEquals("b", linkAtA.host());
            assertEquals("site-b", linkAtA.site());
            assertTrue(linkAtA.dialled());
            assertEquals(b.address(), linkAtA.remote());
            assertEquals("a", linkAtB.host());
            assertEquals("site-a", linkAtB.site());
            assertFalse(linkAtB.dialled());
            assertEquals(1, a.links());
            assertEquals(1, b.links());
        }
    }

    @Test
    void messagesComeInTheOrderInWhichTheyWereSentBothWays() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();

            for (int i = 0; i < 1000; i++) {
                linkAtA.send(i % 250 == 0 ? data(i) : new Cancel(i));
                linkAtB.send(new Cancel(i));
            }

            for (int i = 0; i < 1000; i++) {
                assertEquals(
                        i % 250 == 0 ? data(i) : new Cancel(i),
                        atB.next(Received.class).message());
                assertEquals(new Cancel(i), atA.next(Received.class).message());
            }
        }
    }

    @Test
    void bytesAreCountedWithTheirFraming() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();
            long sentBefore = linkAtA.sentBytes();
            long receivedBefore = linkAtB.receivedBytes();
            int size = MessageCodec.encode(data(1)).size();

            linkAtA.send(data(1));
            atB.next(Received.class);

            assertTrue(linkAtB.receivedBytes() - receivedBefore >= size);
            eventually("sent bytes are counted", () -> linkAtA.sentBytes() - sentBefore >= size);
            eventually("nothing is queued", () -> linkAtA.queuedBytes() == 0);
        }
    }

    @Test
    void aReaderThatPausesStopsTheSenderAndLosesNothing() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();
            linkAtB.pause();

            int sent = 1;
            while (linkAtA.send(data(sent - 1))) {
                eventually("the queue is written, or full", () -> linkAtA.queuedBytes() < QUEUE_BYTES);
                sent++;
                assertTrue((long) sent * Frame.RAW_BYTES < ON_THE_WAY_BYTES, "the sender was not stopped");
            }
            assertTrue(linkAtA.queuedBytes() > QUEUE_BYTES);
            linkAtB.resume();

            for (int i = 0; i < sent; i++) {
                assertEquals(data(i), atB.next(Received.class).message());
            }
            assertEquals(linkAtA, atA.next(Drained.class).link());
            assertTrue(linkAtA.send(new Cancel(1)));
        }
    }

    @Test
    void whoSendsFarMoreThanIsReadLosesTheLink() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            atB.next(Connected.class).link().pause();

            for (int i = 0; i < 10 * ON_THE_WAY_BYTES / Frame.RAW_BYTES && a.links() == 1; i++) {
                linkAtA.send(data(i));
            }

            assertEquals(linkAtA, atA.next(Closed.class).link());
            assertTrue(linkAtA.queuedBytes() <= 5 * QUEUE_BYTES);
        }
    }

    @Test
    void whenBothDialOneLinkRemainsAndBothEndsHaveTheSame() throws Exception {
        for (int round = 0; round < 5; round++) {
            try (PeerNetwork a = open("a", atA);
                    PeerNetwork b = open("b", atB)) {
                b.connect(peer("a", a));
                a.connect(peer("b", b));

                eventually("one link remains", () -> isOneLink(atA.open(), atB.open()));
                assertEquals(1, a.links());
                assertEquals(1, b.links());
            }
            eventually(
                    "the link is closed",
                    () -> atA.open().isEmpty() && atB.open().isEmpty());
        }
    }

    private static boolean isOneLink(List<PeerLink> atA, List<PeerLink> atB) {
        return atA.size() == 1
                && atB.size() == 1
                && atA.getFirst().dialled() != atB.getFirst().dialled();
    }

    @Test
    void asLongAsThereIsALinkNoOtherIsDialled() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();

            a.connect(peer("b", b));
            b.connect(peer("a", a));
            a.connect(peer("a", a));
            linkAtA.send(new Cancel(1));

            assertEquals(linkAtB, atB.next(Received.class).link());
            assertEquals(1, a.links());
        }
    }

    @Test
    void aLinkThatOneEndClosesIsClosedAtBoth() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();

            linkAtA.close("no longer needed");

            assertEquals(new Closed(linkAtA, "no longer needed"), atA.next(Closed.class));
            assertEquals(linkAtB, atB.next(Closed.class).link());
            assertEquals(0, a.links());
            assertEquals(0, b.links());
            a.connect(peer("b", b));
            assertEquals("b", atA.next(Connected.class).link().host());
        }
    }

    @Test
    void afterCloseEverythingIsInVain() throws Exception {
        PeerNetwork a = open("a", atA);
        try (PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink link = atA.next(Connected.class).link();

            a.close();

            assertEquals(link, atA.next(Closed.class).link());
            assertEquals(0, a.links());
            a.connect(peer("b", b));
            a.connect(peer("c", b));
            link.pause();
            link.resume();
            link.send(new Cancel(1));
            link.close("once more");
            a.close();
            assertTrue(atA.isQuiet());
        }
    }

    @Test
    void aDialToWhereNobodyListensFails() throws Exception {
        Address gone;
        try (PeerNetwork b = open("b", atB)) {
            gone = b.address();
        }
        try (PeerNetwork a = open("a", atA)) {
            a.connect(new PeerAddress("b", "site-b", gone));

            assertEquals("b", atA.next(Failed.class).peer().host());
            assertEquals(0, a.links());
        }
    }

    @Test
    void aDialThatReachesAnotherHostFails() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(new PeerAddress("c", "site-c", b.address()));

            assertEquals("c", atA.next(Failed.class).peer().host());
            assertTrue(atB.isQuiet());
        }
    }

    @Test
    void thereAreNoMoreLinksThanAllowed() throws Exception {
        int refused = 0;
        try (PeerNetwork a = open("a", atA)) {
            PeerNetwork[] others = new PeerNetwork[LINKS + 2];
            for (int i = 0; i < others.length; i++) {
                RecordingListener listener = new RecordingListener();
                others[i] = open("h" + i, listener);
                others[i].connect(peer("a", a));
                if (i < LINKS) {
                    listener.next(Connected.class);
                } else {
                    listener.next(Failed.class);
                    refused++;
                }
            }

            assertEquals(LINKS, a.links());
            assertEquals(2, refused);
            for (PeerNetwork other : others) {
                other.close();
            }
        }
    }

    @Test
    void aQuietLinkStays() throws Exception {
        try (PeerNetwork a = open("a", atA);
                PeerNetwork b = open("b", atB)) {
            a.connect(peer("b", b));
            PeerLink linkAtA = atA.next(Connected.class).link();
            PeerLink linkAtB = atB.next(Connected.class).link();

            Thread.sleep(LIMITS.silence().plus(LIMITS.ping()));
            linkAtA.send(new NotHere(Hash.of(new byte[] {1})));

            assertEquals(linkAtB, atB.next(Received.class).link());
        }
    }

    static PeerAddress peer(String host, PeerNetwork network) {
        return new PeerAddress(host, "site-" + host, network.address());
    }

    static Data data(int request) {
        byte[] bytes = new byte[Frame.RAW_BYTES];
        bytes[0] = (byte) request;
        bytes[bytes.length - 1] = (byte) (request >> 8);
        return new Data(request, request % 8, new Frame(Frame.Codec.RAW, ByteBuffer.wrap(bytes)));
    }
}
