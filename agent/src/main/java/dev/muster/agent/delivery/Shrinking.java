package dev.muster.agent.delivery;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Compresses what lies plain in the store before it is sent (`store.segments = raw`), where the manifest says
/// that it shrinks. It is done once for each time that a chunk is sent, on the threads for such work, and left
/// where these have more to do than they can: a link that is faster than the processors gets plain blocks,
/// which are as good. Safe for threads.
final class Shrinking {
    private final FrameCodec codec;
    private final Pools pools;

    Shrinking(FrameCodec codec, Pools pools) {
        this.codec = codec;
        this.pools = pools;
    }

    /// The chunk as it is sent.
    ///
    /// @param entry what the manifest says of it
    /// @param frames which of its frames are sent, bit by bit
    Chunk shrunk(Chunk chunk, ChunkEntry entry, int frames) throws InterruptedException {
        boolean plain = chunk.frames().stream().allMatch(frame -> frame.codec() == Frame.Codec.RAW);
        if (!plain || entry.wireBytes() >= entry.blocks() * Block.BYTES || pools.isCpuBusy()) {
            return chunk;
        }
        List<Callable<Frame>> work = new ArrayList<>();
        for (int i = 0; i < chunk.frames().size(); i++) {
            Frame frame = chunk.frames().get(i);
            work.add((frames & 1 << i) == 0 ? () -> frame : () -> codec.encode(frame.view()));
        }
        List<Frame> shrunk = new ArrayList<>();
        for (Future<Frame> frame : pools.cpu().invokeAll(work)) {
            try {
                shrunk.add(frame.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a frame could not be compressed", e);
            }
        }
        return new Chunk(chunk.header(), shrunk);
    }
}
