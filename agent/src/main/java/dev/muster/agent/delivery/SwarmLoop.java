package dev.muster.agent.delivery;

import dev.muster.agent.swarm.Limits;
import dev.muster.agent.swarm.Swarm;
import dev.muster.agent.swarm.SwarmCommand;
import dev.muster.agent.swarm.SwarmEvent;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Bitfield;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The owner of one [Swarm]: a virtual thread that turns messages into events and commands into messages.
final class SwarmLoop implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int BATCH = 256;

    /// Requests of different swarms on one connection differ in their upper bits.
    static final int SLOT_SHIFT = 24;

    static final int SLOTS = 1 << (31 - SLOT_SHIFT);
    private static final int REQUEST_MASK = (1 << SLOT_SHIFT) - 1;

    /// The chunk of a credit that has not been answered.
    private static final Integer UNNAMED = -1;

    private static final long INDEX_BYTES = 20;

    private final Manifest manifest;
    private final int slot;
    private final SwarmHost host;
    private final Swarm swarm;
    private final Mailbox<Letter> mailbox = new Mailbox<>();
    private final Map<String, Peer> peers = new HashMap<>();
    private final Map<Integer, PartialChunk> partials = new HashMap<>();
    private final List<Integer> announcements = new ArrayList<>();
    private final Thread thread;
    private long keptBytes;
    private long receivedBytes;
    private volatile SwarmProgress progress;
    private volatile boolean fetching;

    /// @param slot tells its requests from those of the host's other swarms
    /// @param have what is in the store
    SwarmLoop(Manifest manifest, int slot, Bitfield have, Limits limits, SwarmHost host) {
        this.manifest = manifest;
        this.slot = slot;
        this.host = host;
        this.swarm = new Swarm(manifest.chunks(), have, limits, new Random(host.seed()));
        for (int chunk = have.next(0); chunk >= 0; chunk = have.next(chunk + 1)) {
            keptBytes += manifest.chunks().get(chunk).wireBytes();
        }
        this.progress = progress();
        this.thread =
                Thread.ofVirtual().name("swarm-" + manifest.id().hash().brief()).unstarted(this::run);
    }

    /// A connection as this swarm sees it.
    private static final class Peer {
        final Connection connection;

        /// It was told of our part and has not said that it has no such swarm.
        boolean told;

        /// It had the whole image when it joined.
        boolean source;

        /// The chunk of each of our requests.
        final Map<Integer, Integer> chunkOf = new HashMap<>();

        Peer(Connection connection) {
            this.connection = connection;
        }
    }

    Manifest manifest() {
        return manifest;
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

    private SwarmProgress progress() {
        SwarmProgress.Chunks chunks = new SwarmProgress.Chunks(
                swarm.have().cardinality(), swarm.have().size());
        return new SwarmProgress(manifest.id(), chunks, keptBytes, manifest.wireBytes(), receivedBytes, peers.size());
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
            default -> 0;
        };
    }

    private void run() {
        try {
            long lastTick = System.nanoTime();
            if (swarm.isComplete()) {
                finished();
            }
            while (true) {
                for (Letter letter : mailbox.take(BATCH, TICK.toNanos())) {
                    handle(letter);
                }
                if (System.nanoTime() - lastTick >= TICK.toNanos()) {
                    lastTick = System.nanoTime();
                    on(new SwarmEvent.Tick());
                }
                if (fetching) {
                    carryOut(swarm.fill(System.nanoTime()));
                }
                announce();
                progress = progress();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            mailbox.close();
        }
    }

    private void handle(Letter letter) {
        switch (letter) {
            case Letter.Up(Connection connection) -> {
                Peer peer = new Peer(connection);
                if (peers.put(connection.host(), peer) != null) {
                    on(new SwarmEvent.Left(connection.host()));
                }
                participate(peer);
            }
            case Letter.Down(Connection connection) -> {
                Peer peer = peers.get(connection.host());
                if (peer != null && peer.connection.isOver(connection.link())) {
                    peers.remove(connection.host());
                    on(new SwarmEvent.Left(connection.host()));
                }
            }
            case Letter.Said(Connection from, Message message) -> {
                Peer peer = peers.get(from.host());
                if (peer != null && peer.connection.isOver(from.link())) {
                    said(peer, message);
                }
            }
            case Letter.Checked checked -> checked(checked);
            case Letter.Stored(int chunk) -> {
                partials.remove(chunk);
                if (swarm.have().get(chunk)) {
                    return; // It came from two peers at the end.
                }
                keptBytes += manifest.chunks().get(chunk).wireBytes();
                on(new SwarmEvent.Kept(chunk));
            }
            case Letter.Failed(IOException cause) -> {
                host.failed(manifest, cause);
                thread.interrupt();
            }
            case Letter.Sent(Connection to, int request, int chunk, boolean found) -> {
                on(new SwarmEvent.Sent(to.host(), request));
                if (!found) {
                    lose(chunk);
                }
            }
            case Letter.Lost(int chunk) -> lose(chunk);
        }
    }

    private void lose(int chunk) {
        if (swarm.have().get(chunk)) {
            keptBytes -= manifest.chunks().get(chunk).wireBytes();
            host.incomplete(manifest.id());
            on(new SwarmEvent.Lost(chunk));
        }
    }

    private void said(Peer peer, Message message) {
        String id = peer.connection.host();
        switch (message) {
            case Message.Participate(ManifestId _, Bitfield have) -> {
                if (have.size() != manifest.chunks().size()) {
                    peer.connection.link().close("a bitfield of " + have.size() + " chunks for " + manifest.id());
                    return;
                }
                peer.source = have.isFull();
                on(new SwarmEvent.Joined(id, have));
                if (!peer.told) {
                    participate(peer);
                }
            }
            case Message.Leave _ -> {
                peer.told = false;
                on(new SwarmEvent.Left(id));
            }
            case Message.Have(ManifestId _, List<Integer> chunks) ->
                chunks.forEach(chunk -> on(new SwarmEvent.Has(id, chunk)));
            case Message.Gone(ManifestId _, List<Integer> chunks) ->
                chunks.forEach(chunk -> on(new SwarmEvent.Gone(id, chunk)));
            case Message.Request(int request, ManifestId _, int chunk, int frames, boolean header) ->
                on(new SwarmEvent.Asked(id, request, chunk, frames, header));
            case Message.Credit(int request, ManifestId _) -> on(new SwarmEvent.Credited(id, request));
            case Message.Cancel(int request) -> on(new SwarmEvent.Cancelled(id, request));
            case Message.Refuse(int request, Message.Refuse.Reason reason, int _) ->
                refused(peer, request & REQUEST_MASK, reason);
            case Message.Header(int request, int chunk, ChunkHeader header) ->
                header(peer, request & REQUEST_MASK, chunk, header);
            case Message.Data(int request, int index, Frame frame) -> data(peer, request & REQUEST_MASK, index, frame);
            default -> throw new IllegalStateException("not for a swarm: " + message);
        }
    }

    private void refused(Peer peer, int request, Message.Refuse.Reason reason) {
        Integer chunk = peer.chunkOf.remove(request);
        if (chunk != null && !chunk.equals(UNNAMED) && reason == Message.Refuse.Reason.NOT_HERE) {
            on(new SwarmEvent.Gone(peer.connection.host(), chunk));
        }
        SwarmCommand.Refusal why = switch (reason) {
            case NOT_HERE -> SwarmCommand.Refusal.NOT_HERE;
            case BUSY -> SwarmCommand.Refusal.BUSY;
            case NOTHING_NEW -> SwarmCommand.Refusal.NOTHING_NEW;
        };
        on(new SwarmEvent.Refused(peer.connection.host(), request, why));
    }

    private void header(Peer peer, int request, int chunk, ChunkHeader header) {
        Integer asked = peer.chunkOf.get(request);
        if (asked == null) {
            return; // It was cancelled.
        }
        if (chunk >= manifest.chunks().size() || (!asked.equals(UNNAMED) && asked != chunk)) {
            on(new SwarmEvent.Wrong(peer.connection.host(), request));
            return;
        }
        received(peer, header.blocks() * (long) Hash.BYTES);
        if (asked.equals(UNNAMED)) {
            peer.chunkOf.put(request, chunk);
            on(new SwarmEvent.Named(peer.connection.host(), request, chunk));
        }
        if (!peer.chunkOf.containsKey(request) || swarm.have().get(chunk)) {
            return; // Somebody else has brought it, or is about to.
        }
        PartialChunk partial = partials.computeIfAbsent(
                chunk, index -> new PartialChunk(manifest.chunks().get(index)));
        if (!partial.offer(header)) {
            on(new SwarmEvent.Wrong(peer.connection.host(), request));
        }
    }

    private void data(Peer peer, int request, int index, Frame frame) {
        received(peer, frame.length());
        Integer chunk = peer.chunkOf.get(request);
        PartialChunk partial = chunk == null ? null : partials.get(chunk);
        Optional<ChunkHeader> header = partial == null ? Optional.empty() : partial.header();
        if (chunk == null || partial == null || header.isEmpty() || !partial.lacks(index)) {
            return; // It was cancelled, or came from a second peer first.
        }
        host.pools().cpu().execute(() -> {
            boolean right = isRight(header.get(), index, frame);
            mailbox.post(new Letter.Checked(peer.connection, request, chunk, index, frame, right));
        });
    }

    private boolean isRight(ChunkHeader header, int index, Frame frame) {
        try {
            host.codec().decode(header, index, frame, ByteBuffer.allocate(Frame.RAW_BYTES));
            return true;
        } catch (Corrupt _) {
            return false;
        }
    }

    private void checked(Letter.Checked checked) {
        String id = checked.from().host();
        if (!checked.right()) {
            on(new SwarmEvent.Wrong(id, checked.request()));
            return;
        }
        PartialChunk partial = partials.get(checked.chunk());
        if (partial == null || !partial.lacks(checked.index())) {
            return;
        }
        partial.put(checked.index(), checked.frame());
        receivedBytes += checked.frame().length();
        on(new SwarmEvent.Verified(id, checked.request(), checked.index()));
        partial.whole().ifPresent(chunk -> {
            peers.values().forEach(peer -> peer.chunkOf.values().removeIf(asked -> asked == checked.chunk()));
            store(checked.chunk(), chunk);
        });
    }

    private void store(int index, Chunk chunk) {
        host.pools().disk().execute(() -> {
            try {
                host.store().put(chunk);
                mailbox.post(new Letter.Stored(index));
            } catch (IOException e) {
                mailbox.post(new Letter.Failed(e));
            }
        });
    }

    private void on(SwarmEvent event) {
        carryOut(swarm.on(event, System.nanoTime()));
    }

    private void carryOut(List<SwarmCommand> commands) {
        commands.forEach(this::carryOut);
    }

    private void carryOut(SwarmCommand command) {
        switch (command) {
            case SwarmCommand.Ask(String id, int request, int chunk, int frames) -> {
                PartialChunk partial = partials.computeIfAbsent(
                        chunk, index -> new PartialChunk(manifest.chunks().get(index)));
                Peer peer = peers.get(id);
                if (peer != null) {
                    peer.chunkOf.put(request, chunk);
                    boolean header = partial.header().isEmpty();
                    say(peer, new Message.Request(wire(request), manifest.id(), chunk, frames, header));
                }
            }
            case SwarmCommand.Grant(String id, int request) -> {
                Peer peer = peers.get(id);
                if (peer != null) {
                    peer.chunkOf.put(request, UNNAMED);
                    say(peer, new Message.Credit(wire(request), manifest.id()));
                }
            }
            case SwarmCommand.Cancel(String id, int request) -> {
                Peer peer = peers.get(id);
                if (peer != null) {
                    peer.chunkOf.remove(request);
                    say(peer, new Message.Cancel(wire(request)));
                }
            }
            case SwarmCommand.Forget(int chunk) -> partials.remove(chunk);
            case SwarmCommand.Announce(int chunk) -> announcements.add(chunk);
            case SwarmCommand.Withdraw(int chunk) -> {
                for (Peer peer : peers.values()) {
                    say(peer, new Message.Gone(manifest.id(), List.of(chunk)));
                }
            }
            case SwarmCommand.Send send -> send(send);
            case SwarmCommand.Refuse(String id, int request, SwarmCommand.Refusal why) ->
                say(peers.get(id), new Message.Refuse(request, reason(why), 0));
            case SwarmCommand.Blame(String id) -> host.blame(id, manifest.id());
            case SwarmCommand.Complete() -> finished();
        }
    }

    private void send(SwarmCommand.Send send) {
        Peer peer = peers.get(send.peer());
        if (peer == null) {
            return;
        }
        int all = (1 << Math.ceilDiv(manifest.chunks().get(send.chunk()).blocks(), Frame.BLOCKS)) - 1;
        LinkSender.Request request = new LinkSender.Request(
                send.request(),
                send.chunk(),
                manifest.chunks().get(send.chunk()).id(),
                send.frames() & all,
                send.header());
        peer.connection
                .sender()
                .send(
                        request,
                        host.store()::chunk,
                        found -> mailbox.post(new Letter.Sent(peer.connection, send.request(), send.chunk(), found)));
    }

    private static Message.Refuse.Reason reason(SwarmCommand.Refusal why) {
        return switch (why) {
            case NOT_HERE -> Message.Refuse.Reason.NOT_HERE;
            case BUSY -> Message.Refuse.Reason.BUSY;
            case NOTHING_NEW -> Message.Refuse.Reason.NOTHING_NEW;
        };
    }

    private void finished() {
        host.pools().disk().execute(() -> {
            try {
                host.complete(manifest);
            } catch (IOException e) {
                mailbox.post(new Letter.Failed(e));
            }
        });
    }

    private void participate(Peer peer) {
        peer.told = true;
        say(peer, new Message.Participate(manifest.id(), swarm.have().copy()));
    }

    private void announce() {
        for (int at = 0; at < announcements.size(); at += Message.INDICES_MAX) {
            List<Integer> part = announcements.subList(at, Math.min(announcements.size(), at + Message.INDICES_MAX));
            for (Peer peer : peers.values()) {
                if (peer.told) {
                    say(peer, new Message.Have(manifest.id(), part));
                }
            }
        }
        announcements.clear();
    }

    private void received(Peer peer, long bytes) {
        boolean sameSite = peer.connection.link().site().equals(host.site());
        host.traffic().received(peer.connection.host(), bytes, peer.source, sameSite);
    }

    private int wire(int request) {
        return (slot << SLOT_SHIFT) | request;
    }

    private static void say(@Nullable Peer peer, Message message) {
        if (peer != null) {
            peer.connection.link().send(message);
        }
    }
}
