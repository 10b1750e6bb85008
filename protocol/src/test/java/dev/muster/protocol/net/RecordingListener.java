package dev.muster.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps what it is told, in order, for a test to take.
class RecordingListener implements PeerListener {
    private static final int LIMIT_SECONDS = 30;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<PeerLink> open = new CopyOnWriteArrayList<>();

    sealed interface Event {}

    record Connected(PeerLink link) implements Event {}

    record Received(PeerLink link, Message message) implements Event {}

    record Drained(PeerLink link) implements Event {}

    record Closed(PeerLink link, String why) implements Event {}

    record Failed(PeerAddress peer, String why) implements Event {}

    @Override
    public void connected(PeerLink link) {
        open.add(link);
        events.add(new Connected(link));
    }

    @Override
    public void received(PeerLink link, Message message) {
        events.add(new Received(link, message));
    }

    @Override
    public void drained(PeerLink link) {
        events.add(new Drained(link));
    }

    @Override
    public void closed(PeerLink link, String why) {
        open.remove(link);
        events.add(new Closed(link, why));
    }

    @Override
    public void failed(PeerAddress peer, String why) {
        events.add(new Failed(peer, why));
    }

    /// The next event, which must be of that kind.
    <E extends Event> E next(Class<E> kind) throws InterruptedException {
        Event event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(event, "expected " + kind.getSimpleName() + ", found nothing");
        assertEquals(kind, event.getClass(), () -> "found " + event);
        return kind.cast(event);
    }

    /// The links that are connected and not closed.
    List<PeerLink> open() {
        return List.copyOf(open);
    }

    boolean isQuiet() {
        return events.isEmpty();
    }
}
