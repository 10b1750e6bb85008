package dev.muster.chunkstore.assemble;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What lies on a target. Safe for many threads.
interface TargetBytes {
    /// Fills `out`, position to limit, from the bytes at `at`.
    void read(ByteBuffer out, long at) throws IOException;

    /// How many bytes from `at` on are known to be zeros without reading them.
    long holeBytes(long at) throws IOException;
}
