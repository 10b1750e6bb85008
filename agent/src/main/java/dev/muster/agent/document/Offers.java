package dev.muster.agent.document;

import dev.muster.protocol.content.Hash;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What peers say that they have, one word of each peer, first come first served. Safe for many threads.
final class Offers {
    private final int peersMax;
    private final SequencedMap<String, List<Hash>> waiting = new LinkedHashMap<>();

    Offers(int peersMax) {
        this.peersMax = peersMax;
    }

    record Offer(String peer, List<Hash> hashes) {}

    /// In place of what the peer said before; lost if too many others wait.
    synchronized void put(String peer, List<Hash> hashes) {
        if (waiting.size() < peersMax || waiting.containsKey(peer)) {
            waiting.put(peer, hashes);
            notifyAll();
        }
    }

    /// Waits up to `most` for one.
    synchronized Optional<Offer> poll(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (waiting.isEmpty()) {
            long millis = (until - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return Optional.empty();
            }
            wait(millis);
        }
        Map.Entry<String, List<Hash>> first = waiting.pollFirstEntry();
        return Optional.of(new Offer(first.getKey(), first.getValue()));
    }
}
