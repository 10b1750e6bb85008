package dev.muster.agent.delivery;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Asks peers for the headers of a manifest's chunks, a batch at a time. Only headers that were asked for, by their
/// ids, are returned; a peer that has none of a batch, or is slow, leaves it to the next. Several threads may ask for
/// several batches at once.
final class HeaderGets {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final Supplier<Collection<Connection>> connections;
    private final Holders holders = new Holders();
    private final Map<Question, BlockingQueue<List<ChunkHeader>>> open = new ConcurrentHashMap<>();

    HeaderGets(Supplier<Collection<Connection>> connections) {
        this.connections = connections;
    }

    private record Question(String peer, ManifestId manifest, int first) {}

    /// Those of the headers that any peer has.
    ///
    /// @param first index of the first chunk in the manifest's table
    /// @param chunks what that table has from there on, at most [Message#HEADERS_MAX]
    /// @param wanted some of them
    /// @throws Unreachable if no connected peer has any
    Map<ChunkId, ChunkHeader> get(ManifestId manifest, int first, List<ChunkId> chunks, Set<ChunkId> wanted)
            throws Unreachable, InterruptedException {
        Map<ChunkId, ChunkHeader> found = new HashMap<>();
        Set<ChunkId> missing = new HashSet<>(wanted);
        List<Connection> peers = holders.order(manifest, connections.get());
        for (Connection peer : peers) {
            int from = 0;
            int to = chunks.size();
            while (from < to && !missing.contains(chunks.get(from))) {
                from++;
            }
            while (to > from && !missing.contains(chunks.get(to - 1))) {
                to--;
            }
            if (from == to) {
                break;
            }
            for (ChunkHeader header : ask(peer, new Message.GetHeaders(manifest, first + from, to - from))) {
                ChunkId id = header.id();
                if (missing.remove(id)) {
                    found.put(id, header);
                }
            }
        }
        if (found.isEmpty() && !wanted.isEmpty()) {
            throw new Unreachable("headers of manifest " + manifest + ": none of " + peers.size()
                    + " connected peers has any from chunk " + first + " on");
        }
        return found;
    }

    /// @return whether somebody waits for it
    boolean answered(String peer, Message.Headers answer) {
        BlockingQueue<List<ChunkHeader>> waiting = open.get(new Question(peer, answer.manifest(), answer.first()));
        return waiting != null && waiting.offer(answer.headers());
    }

    /// The peer does not know the manifest.
    void notHere(String peer, ManifestId manifest) {
        open.forEach((question, waiting) -> {
            if (question.peer.equals(peer) && question.manifest.equals(manifest)) {
                boolean _ = waiting.offer(List.of());
            }
        });
    }

    /// The connection with a peer is gone: it answers nothing any more.
    void lost(String peer) {
        open.forEach((question, waiting) -> {
            if (question.peer.equals(peer)) {
                boolean _ = waiting.offer(List.of());
            }
        });
    }

    private List<ChunkHeader> ask(Connection peer, Message.GetHeaders question) throws InterruptedException {
        BlockingQueue<List<ChunkHeader>> answer = new ArrayBlockingQueue<>(1);
        Question key = new Question(peer.host(), question.manifest(), question.first());
        if (open.putIfAbsent(key, answer) != null) {
            return List.of(); // Somebody else waits for the same of the same peer; another peer may have it too.
        }
        try {
            peer.link().send(question);
            List<ChunkHeader> headers = answer.poll(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            holders.learned(question.manifest(), peer.host(), headers != null && !headers.isEmpty());
            return headers == null ? List.of() : headers;
        } finally {
            open.remove(key, answer);
        }
    }
}
