package dev.muster.agent.swarm;

/// A request of a peer that waits here or is being answered.
final class Serve {
    private static final int ANY = -1;

    final Peer peer;
    final int request;

    /// None of a credit.
    final int chunk;

    final int frames;
    final boolean header;

    /// What is sent, from when.
    int given = ANY;

    long began;

    Serve(Peer peer, SwarmEvent.Asked asked) {
        this(peer, asked.request(), asked.chunk(), asked.frames(), asked.header());
    }

    private Serve(Peer peer, int request, int chunk, int frames, boolean header) {
        this.peer = peer;
        this.request = request;
        this.chunk = chunk;
        this.frames = frames;
        this.header = header;
    }

    static Serve credit(Peer peer, int request) {
        return new Serve(peer, request, ANY, -1, true);
    }

    boolean isCredit() {
        return chunk == ANY;
    }

    boolean isServed() {
        return given != ANY;
    }

    boolean is(Peer other, int id) {
        return peer == other && request == id;
    }
}
