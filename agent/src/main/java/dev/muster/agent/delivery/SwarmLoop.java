package dev.muster.agent.delivery;

import dev.muster.agent.swarm.Limits;
import dev.muster.agent.swarm.Swarm;
import dev.muster.agent.swarm.SwarmCommand;
import dev.muster.agent.swarm.SwarmEvent;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
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

    private final Manifest manifest;
    private final int slot;
    private final Host host;
    private final Swarm swarm;
    private final Mailbox<Letter> mailbox = new Mailbox<>();
    private final Map<String, Peer> peers = new HashMap<>();
    private final Map<Integer, PartialChunk> partials = new HashMap<>();
    private final List<Integer> announcements = new ArrayList<>();
    private final Thread thread;
    private volatile SwarmProgress progress;

    /// @param slot tells its requests from those of the host's other swarms
    /// @param have what is in the store
    SwarmLoop(Manifest manifest, int slot, Bitfield have, Limits limits, Host host) {
        this.manifest = manifest;
        this.slot = slot;
        this.host = host;
        this.swarm = new Swarm(manifest.chunks(), have, limits, new Random(host.seed()));
        this.progress = SwarmProgress.of(manifest, swarm.have());
        this.thread =
                Thread.ofVirtual().name("swarm-" + manifest.id().hash().brief()).unstarted(this::run);
    }

    /// What a swarm needs of the host that it runs on.
    interface Host {
        ChunkStore store();

        FrameCodec codec();

        Pools pools();

        Traffic traffic();

        String site();

        /// A peer sent wrong bytes.
        void blame(String peer, ManifestId manifest);

        /// Every chunk is in the store, perhaps not yet durable.
        void complete(Manifest manifest) throws IOException;

        /// The store takes nothing more: the swarm has stopped.
        void failed(Manifest manifest, IOException cause);

        long seed();
    }

    /// What comes into the mailbox.
    private sealed interface Letter {
        record Up(Connection connection) implements Letter {}

        record Down(Connection connection) implements Letter {}

        record Said(Connection from, Message message) implements Letter {}

        record Checked(Connection from, int request, int chunk, int index, Frame frame, boolean right)
                implements Letter {}

        record Stored(int chunk) implements Letter {}

        record Failed(IOException cause) implements Letter {}

        record Sent(Connection to, int request) implements Letter {}
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

    int slot() {
        return slot;
    }

    SwarmProgress progress() {
        return progress;
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
        long weight = message instanceof Message.Data data ? data.frame().length() : 0;
        mailbox.post(new Letter.Said(from, message), weight, from);
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
                announce();
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
                on(new SwarmEvent.Kept(chunk));
                progress = progress.with(manifest.chunks().get(chunk).wireBytes(), peers.size());
            }
            case Letter.Failed(IOException cause) -> {
                host.failed(manifest, cause);
                thread.interrupt();
            }
            case Letter.Sent(Connection to, int request) -> on(new SwarmEvent.Sent(to.host(), request));
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
            case Message.Refuse(int request, Message.Refuse.Reason reason, int _) -> {
                peer.chunkOf.remove(request & REQUEST_MASK);
                on(new SwarmEvent.Refused(id, request & REQUEST_MASK, reason == Message.Refuse.Reason.NOTHING_NEW));
            }
            case Message.Header(int request, int chunk, ChunkHeader header) ->
                header(peer, request & REQUEST_MASK, chunk, header);
            case Message.Data(int request, int index, Frame frame) -> data(peer, request & REQUEST_MASK, index, frame);
            default -> throw new IllegalStateException("not for a swarm: " + message);
        }
    }

    private void header(Peer peer, int request, int chunk, ChunkHeader header) {
        if (chunk >= manifest.chunks().size()) {
            on(new SwarmEvent.Wrong(peer.connection.host(), request));
            return;
        }
        received(peer, (long) header.blocks() * 32);
        on(new SwarmEvent.Named(peer.connection.host(), request, chunk));
        if (swarm.have().get(chunk)) {
            return; // It came from another peer meanwhile.
        }
        peer.chunkOf.putIfAbsent(request, chunk);
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
        String id = checked.from.host();
        if (!checked.right) {
            on(new SwarmEvent.Wrong(id, checked.request));
            return;
        }
        PartialChunk partial = partials.get(checked.chunk);
        if (partial == null || !partial.lacks(checked.index)) {
            return;
        }
        partial.put(checked.index, checked.frame);
        on(new SwarmEvent.Verified(id, checked.request, checked.index));
        partial.whole().ifPresent(chunk -> store(checked.chunk, chunk));
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
        for (SwarmCommand command : swarm.on(event, System.nanoTime())) {
            carryOut(command);
        }
    }

    private void carryOut(SwarmCommand command) {
        switch (command) {
            case SwarmCommand.Ask(String id, int request, int chunk, int frames) -> {
                PartialChunk partial = partials.computeIfAbsent(
                        chunk, index -> new PartialChunk(manifest.chunks().get(index)));
                Peer peer = peers.get(id);
                if (peer != null) {
                    peer.chunkOf.put(request & REQUEST_MASK, chunk);
                    boolean header = partial.header().isEmpty();
                    say(peer, new Message.Request(wire(request), manifest.id(), chunk, frames, header));
                }
            }
            case SwarmCommand.Grant(String id, int request) ->
                say(peers.get(id), new Message.Credit(wire(request), manifest.id()));
            case SwarmCommand.Cancel(String id, int request) -> {
                Peer peer = peers.get(id);
                if (peer != null) {
                    peer.chunkOf.remove(request & REQUEST_MASK);
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
                        () -> mailbox.post(new Letter.Sent(peer.connection, send.request())));
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
        host.traffic()
                .received(bytes, peer.source, peer.connection.link().site().equals(host.site()));
    }

    private int wire(int request) {
        return (slot << SLOT_SHIFT) | (request & REQUEST_MASK);
    }

    private static void say(@Nullable Peer peer, Message message) {
        if (peer != null) {
            peer.connection.link().send(message);
        }
    }
}
