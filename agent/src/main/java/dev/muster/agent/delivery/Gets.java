package dev.muster.agent.delivery;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// Asks peers, one after the other, for something small that a hash names: a head, a page, a document. What comes is
/// returned only if it has that hash.
public final class Gets {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final Supplier<Collection<Connection>> connections;
    private final Function<byte[], Optional<Hash>> documentName;
    private final Map<Question, BlockingQueue<Optional<byte[]>>> open = new ConcurrentHashMap<>();

    /// @param documentName the name of a signed document, which is not the hash of all its bytes
    Gets(Supplier<Collection<Connection>> connections, Function<byte[], Optional<Hash>> documentName) {
        this.connections = connections;
        this.documentName = documentName;
    }

    private record Question(String peer, Hash hash) {}

    public byte[] head(ManifestId id) throws Unreachable, InterruptedException {
        return get(id.hash(), new Message.GetHead(id), "manifest head", Set.of());
    }

    public byte[] page(Hash hash) throws Unreachable, InterruptedException {
        return get(hash, new Message.GetPage(hash), "manifest page", Set.of());
    }

    /// @param first the peer that is known to have it
    public byte[] document(Hash hash, String first) throws Unreachable, InterruptedException {
        return get(hash, new Message.GetDocument(hash), "document", Set.of(first));
    }

    /// What answers a question; true if somebody waits for it.
    boolean answered(String peer, Message.Answer answer) {
        if (open.keySet().stream().noneMatch(question -> question.peer.equals(peer))) {
            return false; // Nobody asked, so it is not worth hashing.
        }
        byte[] bytes = answer.toBytes();
        Optional<Hash> name = switch (answer) {
            case Message.Head _, Message.PageBytes _ -> Optional.of(Hash.of(bytes));
            case Message.Document _ -> documentName.apply(bytes);
        };
        BlockingQueue<Optional<byte[]>> waiting =
                name.map(hash -> open.get(new Question(peer, hash))).orElse(null);
        return waiting != null && waiting.offer(Optional.of(bytes));
    }

    void notHere(String peer, Hash hash) {
        BlockingQueue<Optional<byte[]>> waiting = open.get(new Question(peer, hash));
        if (waiting != null) {
            boolean _ = waiting.offer(Optional.empty());
        }
    }

    /// The connection with a peer is gone: it answers nothing any more.
    void lost(String peer) {
        open.forEach((question, waiting) -> {
            if (question.peer.equals(peer)) {
                boolean _ = waiting.offer(Optional.empty());
            }
        });
    }

    private byte[] get(Hash hash, Message question, String what, Set<String> only)
            throws Unreachable, InterruptedException {
        List<Connection> peers = new ArrayList<>(connections.get());
        Collections.shuffle(peers);
        Set<String> asked = new HashSet<>();
        for (Connection peer : peers) {
            if (!only.isEmpty() && !only.contains(peer.host())) {
                continue;
            }
            asked.add(peer.host());
            BlockingQueue<Optional<byte[]>> answer = new ArrayBlockingQueue<>(2);
            Question key = new Question(peer.host(), hash);
            BlockingQueue<Optional<byte[]>> other = open.putIfAbsent(key, answer);
            if (other != null) {
                continue; // Somebody else waits for the same of the same peer; another peer may have it too.
            }
            try {
                peer.link().send(question);
                Optional<byte[]> found = answer.poll(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                if (found != null && found.isPresent()) {
                    return found.get();
                }
            } finally {
                open.remove(key, answer);
            }
        }
        throw new Unreachable(what + " " + hash + ": none of " + asked.size() + " connected peers has it");
    }
}
