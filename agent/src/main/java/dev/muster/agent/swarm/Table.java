package dev.muster.agent.swarm;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is under way: the chunks, and the requests for them. It keeps the counts that the limits are held by, and
/// decides nothing.
final class Table {
    /// Numbers of requests come round again after so many.
    private static final int REQUEST_IDS = 1 << 24;

    private final List<ChunkEntry> chunks;
    private final Bitfield under;
    private final List<Fetch> fetches = new ArrayList<>();

    /// Twice as many places as chunks under way; the number of a request is its place and how often that was used.
    private final @Nullable Request[] requests;

    private final int placeBits;
    private final long chunkBytes;
    private int uses;
    private int place;
    private int count;
    private int openCredits;
    private int chosen;
    private int far;

    /// Goes up when a chunk may be asked for again that was under way, so that no peer counts as [Peer#barren].
    private long state = 1;

    Table(List<ChunkEntry> chunks, Limits limits, RandomGenerator chance) {
        this.chunks = chunks;
        this.under = new Bitfield(chunks.size());
        this.placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * limits.chunksInFlight());
        this.requests = new Request[1 << placeBits];
        this.uses = chance.nextInt(REQUEST_IDS >> placeBits);
        long bytes = chunks.stream().mapToLong(ChunkEntry::wireBytes).sum();
        this.chunkBytes = Math.max(1, bytes / Math.max(1, chunks.size()));
    }

    /// Of a chunk on average.
    long chunkBytes() {
        return chunkBytes;
    }

    List<Fetch> fetches() {
        return fetches;
    }

    /// The requests as they are now.
    List<Request> requests() {
        List<Request> all = new ArrayList<>(count);
        for (int i = 0, left = count; left > 0; i++) {
            Request each = requests[i];
            if (each != null) {
                all.add(each);
                left--;
            }
        }
        return all;
    }

    boolean isUnderWay(int chunk) {
        return under.get(chunk);
    }

    /// Chunks under way, and credits that will become some.
    int inFlight() {
        return fetches.size() + openCredits;
    }

    /// Requests for chunks that sources chose.
    int chosen() {
        return chosen;
    }

    /// Requests for chunks that are on their way from other sites.
    int far() {
        return far;
    }

    long state() {
        return state;
    }

    void changed() {
        state++;
    }

    long bytes(Fetch fetch) {
        return chunks.get(fetch.chunk).wireBytes();
    }

    /// @return null if it is not open, or of another peer
    @Nullable
    Request request(int peer, int id) {
        Request request = requests[id & requests.length - 1];
        return request != null && request.id == id && request.peer.number == peer ? request : null;
    }

    /// @return null if nothing of it is under way
    @Nullable
    Fetch fetch(int chunk) {
        if (under.get(chunk)) {
            for (Fetch fetch : fetches) {
                if (fetch.chunk == chunk) {
                    return fetch;
                }
            }
        }
        return null;
    }

    Fetch start(int chunk) {
        Fetch fetch = new Fetch(chunk, Math.ceilDiv(chunks.get(chunk).blocks(), Frame.BLOCKS));
        fetches.add(fetch);
        under.set(chunk);
        return fetch;
    }

    void end(Fetch fetch) {
        fetches.remove(fetch);
        under.clear(fetch.chunk);
        state++;
    }

    Request ask(Fetch fetch, Peer peer, long now) {
        Request request = put(peer, fetch, now);
        fetch.asked.add(request);
        owes(request);
        return request;
    }

    Request credit(Peer peer, long now) {
        Request request = put(peer, null, now);
        peer.credits++;
        openCredits++;
        return request;
    }

    /// The credit has been answered with a name.
    void named(Request request, Fetch fetch, long now) {
        request.fetch = fetch;
        request.asked = now;
        request.excused = 0;
        request.progress = now;
        fetch.asked.add(request);
        openCredits--;
        chosen++;
        request.peer.credits--;
        owes(request);
    }

    void drop(Request request) {
        requests[request.id & requests.length - 1] = null;
        count--;
        if (request.fetch == null) {
            openCredits--;
            request.peer.credits--;
        } else {
            request.fetch.asked.remove(request);
            chosen -= request.credit ? 1 : 0;
            request.peer.owed--;
            far -= request.peer.near ? 0 : 1;
        }
    }

    private void owes(Request request) {
        request.peer.owed++;
        far += request.peer.near ? 0 : 1;
    }

    private Request put(Peer peer, @Nullable Fetch fetch, long now) {
        do {
            place = (place + 1) % requests.length;
            uses += place == 0 ? 1 : 0;
        } while (requests[place] != null);
        Request request = new Request((uses << placeBits | place) & REQUEST_IDS - 1, peer, fetch, now);
        requests[place] = request;
        count++;
        return request;
    }

    void checkInvariants(Limits limits, Bitfield have, Iterable<Peer> peers) {
        Swarm.check(inFlight() <= limits.chunksInFlight(), inFlight() + " chunks are under way");
        Swarm.check(under.cardinality() == fetches.size(), "chunks under way are miscounted");
        for (Fetch fetch : fetches) {
            Swarm.check(!have.get(fetch.chunk), "chunk " + fetch.chunk + " is here and is fetched");
            Swarm.check(fetch.asked.size() <= 2, "chunk " + fetch.chunk + " is asked of " + fetch.asked.size());
        }
        List<Request> all = requests();
        Swarm.check(all.size() == count, "requests are miscounted");
        for (Peer peer : peers) {
            long owed = all.stream()
                    .filter(each -> each.peer == peer && each.fetch != null)
                    .count();
            Swarm.check(owed == peer.owed, peer.host + " owes " + owed + ", counted " + peer.owed);
            Swarm.check(owed <= limits.requestsPerPeer(), peer.host + " owes " + owed);
        }
    }
}
