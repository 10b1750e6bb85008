package dev.muster.bench.sim;

/// An answer on its way to a peer.
final class Flow {
    final Link link;
    final int request;
    final int chunk;

    /// Frames that have not been sent.
    int left;

    boolean cancelled;

    Flow(Link link, int request, int chunk, int frames) {
        this.link = link;
        this.request = request;
        this.chunk = chunk;
        this.left = frames;
    }

    /// Takes the next frames.
    int take(int frames) {
        int taken = 0;
        for (int i = 0; i < frames && left != 0; i++) {
            int lowest = Integer.lowestOneBit(left);
            left ^= lowest;
            taken |= lowest;
        }
        return taken;
    }
}
