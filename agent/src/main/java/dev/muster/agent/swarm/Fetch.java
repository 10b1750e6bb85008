package dev.muster.agent.swarm;

import java.util.ArrayList;
import java.util.List;

/// A chunk under way: which frames are missing, and who was asked for them.
final class Fetch {
    final int chunk;

    /// All frames of the chunk.
    final int frames;

    int missing;
    final List<Request> asked = new ArrayList<>(2);

    /// @param frames how many it has
    Fetch(int chunk, int frames) {
        this.chunk = chunk;
        this.frames = (1 << frames) - 1;
        this.missing = this.frames;
    }

    boolean isUntouched() {
        return missing == frames;
    }

    /// Whether it comes from another site.
    boolean isFar() {
        return !asked.isEmpty() && !asked.getFirst().peer.near;
    }
}
