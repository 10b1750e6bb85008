package dev.muster.chunkstore.assemble;

import java.util.concurrent.Executor;

/// Who works, and on how many things at a time.
record Crew(Executor executor, int atOnce) {
    Crew {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one chunk at a time, not " + atOnce);
        }
    }

    Work begin() {
        return new Work(executor, atOnce);
    }
}
