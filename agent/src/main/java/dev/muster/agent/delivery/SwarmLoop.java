package dev.muster.agent.delivery;

import dev.muster.agent.swarm.Limits;
import dev.muster.agent.swarm.Swarm;
import dev.muster.agent.swarm.SwarmCommand;
import dev.muster.agent.swarm.SwarmEvent;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Bitfield;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// The owner of one [Swarm]: a virtual thread that turns messages into events. What comes of image bytes is
/// the business of [Arrivals], what the swarm wants done that of [Orders].
final class SwarmLoop implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int BATCH = 256;

    /// Requests of different swarms on one connection differ in their upper bits.
    static final int SLOT_SHIFT = 24;

    static final int SLOTS = 1 << (31 - SLOT_SHIFT);
    private static final int REQUEST_MASK = (1 << SLOT_SHIFT) - 1;

    private static final long INDEX_BYTES = 20;

    private final Manifest manifest;
    private final int slot;
    private final SwarmHost host;
    private final Swarm swarm;
    private final Mailbox<Letter> mailbox = new Mailbox<>();
    private final SwarmPeers peers = new SwarmPeers();
    private final Arrivals arrivals;
    private final Orders orders;
    private final Thread thread;
    private long keptBytes;
    private volatile SwarmProgress progress;
    private volatile boolean fetching;
    private volatile boolean last = true;

    /// @param slot tells its requests from those of the host's other swarms
    /// @param have what is in the store
    SwarmLoop(Manifest manifest, int slot, Bitfield have, Limits limits, SwarmHost host) {
        this.manifest = manifest;
        this.slot = slot;
        this.host = host;
        Swarm.Place place = new Swarm.Place(host.id(), host.site(), image());
        this.swarm = new Swarm(place, manifest.chunks(), have, limits, new Random(host.seed()));
        this.arrivals = new Arrivals(manifest, host, swarm.have(), peers, mailbox, this::on);
        this.orders = new Orders(manifest, slot, host, peers, arrivals, mailbox);
        for (int chunk = have.next(0); chunk >= 0; chunk = have.next(chunk + 1)) {
            keptBytes += manifest.chunks().get(chunk).wireBytes();
        }
        this.progress = progress();
        this.thread =
                Thread.ofVirtual().name("swarm-" + manifest.id().hash().brief()).unstarted(this::run);
    }

    Manifest manifest() {
        return manifest;
    }

    /// By which hosts agree who are gateways for it.
    long image() {
        return manifest.id().hash().a();
    }

    /// Whether this host may be a gateway of its site for it.
    void candidate(boolean is) {
        mailbox.post(new Letter.Candidate(is));
    }

    /// From now on asks for what is missing; until it is told so, it only serves.
    void fetch() {
        fetching = true;
    }

    /// Whether something is missing that it asks for.
    boolean isFetching() {
        return fetching && !progress.isComplete();
    }

    int slot() {
        return slot;
    }

    /// As it was after the last batch of what happened.
    SwarmProgress lastProgress() {
        return progress;
    }

    /// As [Swarm#isLast], a moment ago.
    boolean isLast() {
        return last;
    }

    private SwarmProgress progress() {
        SwarmProgress.Chunks chunks = new SwarmProgress.Chunks(
                swarm.have().cardinality(), swarm.have().size());
        return new SwarmProgress(
                manifest.id(), chunks, keptBytes, manifest.wireBytes(), arrivals.receivedBytes(), peers.count());
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    void up(Connection connection) {
        mailbox.post(new Letter.Up(connection));
    }

    void down(Connection connection) {
        mailbox.post(new Letter.Down(connection));
    }

    void said(Connection from, Message message) {
        mailbox.post(new Letter.Said(from, message), weight(message), from);
    }

    /// A chunk is not in the store any more.
    void lost(int chunk) {
        mailbox.post(new Letter.Lost(chunk));
    }

    /// About how much memory a message holds.
    private static long weight(Message message) {
        return switch (message) {
            case Message.Data data -> data.frame().length();
            case Message.Header header -> header.header().blocks() * (long) Hash.BYTES;
            case Message.Participate participate -> participate.have().size() / Byte.SIZE;
            case Message.Have have -> have.chunks().size() * INDEX_BYTES;
            case Message.Gone gone -> gone.chunks().size() * INDEX_BYTES;
            case Message.Claim claim -> claim.chunks().size() * INDEX_BYTES;
            default -> 0;
        };
    }

    private void run() {
        try {
            long lastTick = System.nanoTime();
            if (swarm.isComplete()) {
                orders.finished();
            }
            while (true) {
                for (Letter letter : mailbox.take(BATCH, untilDue())) {
                    handle(letter);
                }
                if (System.nanoTime() - lastTick >= TICK.toNanos()) {
                    lastTick = System.nanoTime();
                    on(new SwarmEvent.Tick());
                    last = swarm.isLast();
                }
                if (fetching) {
                    swarm.fill(System.nanoTime()).forEach(this::carryOut);
                }
                orders.announce();
                progress = progress();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            mailbox.close();
        }
    }

    /// How long nothing need be done if nothing happens, in nanoseconds.
    private long untilDue() {
        long now = System.nanoTime();
        long wake = fetching ? swarm.wakeAt() : Long.MAX_VALUE;
        return wake == Long.MAX_VALUE ? TICK.toNanos() : Math.clamp(wake - now, 0, TICK.toNanos());
    }

    private void handle(Letter letter) {
        switch (letter) {
            case Letter.Up(Connection connection) -> {
                peers.get(connection.host()).ifPresent(this::left);
                participate(peers.add(connection));
            }
            case Letter.Down(Connection connection) -> peers.of(connection).ifPresent(this::left);
            case Letter.Said(Connection from, Message message) -> peers.of(from).ifPresent(peer -> said(peer, message));
            case Letter.Checked checked -> peers.of(checked.from()).ifPresent(peer -> arrivals.checked(peer, checked));
            case Letter.Stored(int chunk) -> {
                arrivals.forget(chunk);
                if (!swarm.have().get(chunk)) { // Otherwise it came from two peers at the end.
                    keptBytes += manifest.chunks().get(chunk).wireBytes();
                    on(new SwarmEvent.Kept(chunk));
                }
            }
            case Letter.Failed(IOException cause) -> {
                host.failed(manifest, cause);
                thread.interrupt();
            }
            case Letter.Sent(Connection to, int request, int chunk, boolean found) -> {
                peers.of(to).ifPresent(peer -> on(new SwarmEvent.Sent(peer.number, request)));
                if (!found) {
                    lose(chunk);
                }
            }
            case Letter.Lost(int chunk) -> lose(chunk);
            case Letter.Candidate(boolean is) -> on(new SwarmEvent.Candidate(is));
        }
    }

    private void left(SwarmPeer peer) {
        on(new SwarmEvent.Left(peer.number));
        peers.remove(peer);
    }

    private void lose(int chunk) {
        if (swarm.have().get(chunk)) {
            keptBytes -= manifest.chunks().get(chunk).wireBytes();
            host.incomplete(manifest.id());
            on(new SwarmEvent.Lost(chunk));
        }
    }

    private void said(SwarmPeer peer, Message message) {
        int id = peer.number;
        switch (message) {
            case Message.Participate(ManifestId _, Bitfield have) -> joined(peer, have);
            case Message.Leave _ -> {
                peer.told = false;
                on(new SwarmEvent.Left(id));
            }
            case Message.Have(ManifestId _, List<Integer> chunks) ->
                chunks.forEach(chunk -> on(new SwarmEvent.Has(id, chunk)));
            case Message.Gone(ManifestId _, List<Integer> chunks) ->
                chunks.forEach(chunk -> on(new SwarmEvent.Gone(id, chunk)));
            case Message.Claim(ManifestId _, List<Integer> chunks) ->
                chunks.forEach(chunk -> on(new SwarmEvent.Claimed(id, chunk)));
            case Message.Request(int request, ManifestId _, int chunk, int frames, boolean header) ->
                on(new SwarmEvent.Asked(id, request, chunk, frames, header));
            case Message.Credit(int request, ManifestId _) -> on(new SwarmEvent.Credited(id, request));
            case Message.Cancel(int request) -> on(new SwarmEvent.Cancelled(id, request));
            case Message.Refuse(int request, Message.Refuse.Reason reason, int retryMillis) ->
                refused(peer, request & REQUEST_MASK, reason, retryMillis);
            case Message.Header(int request, int chunk, ChunkHeader header) ->
                arrivals.header(peer, request & REQUEST_MASK, chunk, header);
            case Message.Data(int request, int index, Frame frame) ->
                arrivals.data(peer, request & REQUEST_MASK, index, frame);
            default -> throw new IllegalStateException("not for a swarm: " + message);
        }
    }

    private void joined(SwarmPeer peer, Bitfield have) {
        if (have.size() != manifest.chunks().size()) {
            peer.connection.link().close("a bitfield of " + have.size() + " chunks for " + manifest.id());
            return;
        }
        peer.source = have.isFull();
        String site = peer.connection.link().site();
        on(new SwarmEvent.Joined(peer.number, peer.host(), site, have));
        if (!peer.told) {
            participate(peer);
        }
    }

    private void refused(SwarmPeer peer, int request, Message.Refuse.Reason reason, int retryMillis) {
        Integer chunk = peer.chunkOf.remove(request);
        if (chunk != null && !chunk.equals(SwarmPeer.UNNAMED) && reason == Message.Refuse.Reason.NOT_HERE) {
            on(new SwarmEvent.Gone(peer.number, chunk));
        }
        SwarmCommand.Refusal why = switch (reason) {
            case NOT_HERE -> SwarmCommand.Refusal.NOT_HERE;
            case BUSY -> SwarmCommand.Refusal.BUSY;
            case NOTHING_NEW -> SwarmCommand.Refusal.NOTHING_NEW;
        };
        on(new SwarmEvent.Refused(peer.number, request, why, retryMillis));
    }

    private void on(SwarmEvent event) {
        swarm.on(event, System.nanoTime()).forEach(this::carryOut);
    }

    private void carryOut(SwarmCommand command) {
        orders.carryOut(command);
    }

    private void participate(SwarmPeer peer) {
        peer.told = true;
        peer.say(new Message.Participate(manifest.id(), swarm.have().copy()));
    }
}
