package dev.muster.agent.delivery;

import dev.muster.agent.swarm.SwarmEvent;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.wire.Bitfield;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What comes into one swarm, from the message to the store: headers, frames that are verified on the pool for that,
/// chunks that are whole. Owned by its [SwarmLoop], whose thread alone calls it.
final class Arrivals {
    private final Manifest manifest;
    private final SwarmHost host;
    private final Bitfield have;
    private final SwarmPeers peers;
    private final Mailbox<Letter> mailbox;
    private final Map<Integer, PartialChunk> partials = new HashMap<>();
    private final Consumer<SwarmEvent> events;
    private long receivedBytes;

    /// @param have the swarm's
    Arrivals(
            Manifest manifest,
            SwarmHost host,
            Bitfield have,
            SwarmPeers peers,
            Mailbox<Letter> mailbox,
            Consumer<SwarmEvent> events) {
        this.manifest = manifest;
        this.host = host;
        this.have = have;
        this.peers = peers;
        this.mailbox = mailbox;
        this.events = events;
    }

    /// How many verified bytes came.
    long receivedBytes() {
        return receivedBytes;
    }

    /// Makes room for a chunk.
    ///
    /// @return whether its header is lacking
    boolean lacksHeader(int chunk) {
        return partial(chunk).header().isEmpty();
    }

    /// Gives up what came of a chunk, or has it in the store.
    void forget(int chunk) {
        partials.remove(chunk);
    }

    void header(SwarmPeer peer, int request, int chunk, ChunkHeader header) {
        Integer asked = peer.chunkOf.get(request);
        if (asked == null) {
            return; // It was cancelled.
        }
        if (chunk >= manifest.chunks().size() || (!asked.equals(SwarmPeer.UNNAMED) && asked != chunk)) {
            events.accept(new SwarmEvent.Wrong(peer.number, request));
            return;
        }
        received(peer, header.blocks() * (long) Hash.BYTES);
        if (asked.equals(SwarmPeer.UNNAMED)) {
            peer.chunkOf.put(request, chunk);
            events.accept(new SwarmEvent.Named(peer.number, request, chunk));
        }
        if (!peer.chunkOf.containsKey(request) || have.get(chunk)) {
            return; // Somebody else has brought it, or is about to.
        }
        if (!partial(chunk).offer(header)) {
            events.accept(new SwarmEvent.Wrong(peer.number, request));
        }
    }

    void data(SwarmPeer peer, int request, int index, Frame frame) {
        received(peer, frame.length());
        Integer chunk = peer.chunkOf.get(request);
        if (chunk == null) {
            events.accept(new SwarmEvent.Unasked(peer.number));
            return;
        }
        PartialChunk partial = partials.get(chunk);
        Optional<ChunkHeader> header = partial == null ? Optional.empty() : partial.header();
        if (partial == null || header.isEmpty() || !partial.lacks(index)) {
            return; // It came from a second peer first.
        }
        host.pools().cpu().execute(() -> {
            boolean right = host.codec().isRight(header.get(), index, frame);
            mailbox.post(new Letter.Checked(peer.connection, request, chunk, index, frame, right));
        });
    }

    void checked(SwarmPeer peer, Letter.Checked checked) {
        if (!checked.right()) {
            events.accept(new SwarmEvent.Wrong(peer.number, checked.request()));
            return;
        }
        PartialChunk partial = partials.get(checked.chunk());
        if (partial == null || !partial.lacks(checked.index())) {
            return;
        }
        partial.put(checked.index(), checked.frame());
        receivedBytes += checked.frame().length();
        events.accept(new SwarmEvent.Verified(peer.number, checked.request(), 1 << checked.index()));
        partial.whole().ifPresent(chunk -> {
            peers.all().forEach(each -> each.chunkOf.values().removeIf(asked -> asked == checked.chunk()));
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

    private PartialChunk partial(int chunk) {
        return partials.computeIfAbsent(
                chunk, index -> new PartialChunk(manifest.chunks().get(index)));
    }

    private void received(SwarmPeer peer, long bytes) {
        boolean sameSite = peer.connection.link().site().equals(host.site());
        host.traffic().received(peer.connection.host(), bytes, peer.source, sameSite);
    }
}
