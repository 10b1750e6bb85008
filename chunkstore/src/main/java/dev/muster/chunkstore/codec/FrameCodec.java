package dev.muster.chunkstore.codec;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Makes frames of blocks (zstd level 3, raw where that gains under 6 %) and blocks of frames.
///
/// Safe for many threads: each call takes a working memory of about 1 MiB from a pool that this codec owns, and makes
/// one where all are taken. Work is CPU-bound; callers bring the threads. Closing gives the pool back.
public final class FrameCodec implements Closeable {
    private static final int GAIN_PERCENT_MIN = 6;
    private static final int IDLE_MAX = 64;

    private final BlockingQueue<ZstdContext> idle = new ArrayBlockingQueue<>(IDLE_MAX);
    private volatile boolean closed;

    /// A frame of `raw` (1 to 32 whole blocks, position to limit, left alone). It shares no memory with `raw`.
    public Frame encode(ByteBuffer raw) {
        int length = raw.remaining();
        if (length == 0 || length > Frame.RAW_BYTES || length % Block.BYTES != 0) {
            throw new IllegalArgumentException("a frame has 1 to 32 whole blocks, not " + length + " bytes");
        }
        ZstdContext context = take();
        try {
            ByteBuffer zstd = context.compress(raw);
            boolean gains = zstd.remaining() <= length - length * GAIN_PERCENT_MIN / 100;
            return gains ? new Frame(Frame.Codec.ZSTD, copy(zstd)) : new Frame(Frame.Codec.RAW, copy(raw));
        } finally {
            release(context);
        }
    }

    /// A chunk of `raw` (position to limit, left alone), whose header the caller has computed from the same bytes.
    public Chunk encode(ChunkHeader header, ByteBuffer raw) {
        if (raw.remaining() != header.rawBytes()) {
            throw new IllegalArgumentException(header + " has " + header.rawBytes() + " bytes, not " + raw.remaining());
        }
        List<Frame> frames = new ArrayList<>(header.frames());
        for (int i = 0; i < header.frames(); i++) {
            int at = i * Frame.RAW_BYTES;
            frames.add(encode(raw.slice(raw.position() + at, Math.min(Frame.RAW_BYTES, header.rawBytes() - at))));
        }
        return new Chunk(header, frames);
    }

    /// The blocks of a frame, unverified.
    ///
    /// @param rawBytes how many bytes they must be; nothing larger is ever allocated
    /// @throws Corrupt if the frame does not hold exactly that many
    public ByteBuffer decode(Frame frame, int rawBytes) throws Corrupt {
        if (rawBytes <= 0 || rawBytes > Frame.RAW_BYTES) {
            throw new IllegalArgumentException("a frame holds 1 to " + Frame.RAW_BYTES + " bytes, not " + rawBytes);
        }
        ByteBuffer out = ByteBuffer.allocate(rawBytes);
        decode(frame, out);
        return out.flip();
    }

    /// The blocks of a whole chunk, every one verified against its header.
    ///
    /// @throws Corrupt naming the chunk and the first block that is wrong
    public ByteBuffer decode(Chunk chunk) throws Corrupt {
        ByteBuffer out = ByteBuffer.allocate(chunk.header().rawBytes());
        for (int i = 0; i < chunk.frames().size(); i++) {
            decode(chunk.header(), i, chunk.frames().get(i), out);
        }
        return out.flip();
    }

    /// The same chunk with every frame raw, every block verified.
    ///
    /// @throws Corrupt naming the chunk and the first block that is wrong
    public Chunk plain(Chunk chunk) throws Corrupt {
        ByteBuffer blocks = decode(chunk);
        List<Frame> frames = new ArrayList<>(chunk.frames().size());
        while (blocks.hasRemaining()) {
            int bytes = Math.min(Frame.RAW_BYTES, blocks.remaining());
            frames.add(new Frame(Frame.Codec.RAW, blocks.slice(blocks.position(), bytes)));
            blocks.position(blocks.position() + bytes);
        }
        return new Chunk(chunk.header(), frames);
    }

    /// The blocks of frame `index` of the chunk that has this header, every one verified, put at `out`'s position.
    ///
    /// @throws Corrupt naming the chunk and the first block that is wrong; `out` then holds nothing to rely on
    public void decode(ChunkHeader header, int index, Frame frame, ByteBuffer out) throws Corrupt {
        int start = out.position();
        int rawBytes = Frame.blocksOf(index, header.blocks()) * Block.BYTES;
        ByteBuffer part = out.slice(start, rawBytes);
        try {
            decode(frame, part);
        } catch (Corrupt e) {
            throw new Corrupt(
                    "chunk " + header.id() + " from block " + index * Frame.BLOCKS + ": " + e.getMessage(), e);
        }
        int wrong = header.firstWrong(index * Frame.BLOCKS, part.flip());
        if (wrong >= 0) {
            throw new Corrupt("chunk " + header.id() + " block " + wrong + ": expected " + header.block(wrong)
                    + ", found bytes of another hash");
        }
        out.position(start + rawBytes);
    }

    /// Whether frame `index` holds what the chunk of this header has there: every block is hashed, and none is kept.
    public boolean isRight(ChunkHeader header, int index, Frame frame) {
        int rawBytes = Frame.blocksOf(index, header.blocks()) * Block.BYTES;
        return switch (frame.codec()) {
            case RAW -> frame.length() == rawBytes && header.firstWrong(index * Frame.BLOCKS, frame.view()) < 0;
            case ZSTD -> {
                ZstdContext context = take();
                try {
                    yield header.firstWrong(index * Frame.BLOCKS, context.decompress(frame.view(), rawBytes)) < 0;
                } catch (Corrupt _) {
                    yield false;
                } finally {
                    release(context);
                }
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        drain();
    }

    private void decode(Frame frame, ByteBuffer out) throws Corrupt {
        switch (frame.codec()) {
            case RAW -> {
                if (frame.length() != out.remaining()) {
                    throw new Corrupt("raw frame: expected " + out.remaining() + " bytes, found " + frame.length());
                }
                out.put(frame.view());
            }
            case ZSTD -> {
                ZstdContext context = take();
                try {
                    context.decompress(frame.view(), out);
                } finally {
                    release(context);
                }
            }
        }
    }

    private ZstdContext take() {
        ZstdContext context = idle.poll();
        return context == null ? new ZstdContext() : context;
    }

    private void release(ZstdContext context) {
        if (!idle.offer(context)) {
            context.close();
        }
        if (closed) {
            drain();
        }
    }

    private void drain() {
        for (ZstdContext context = idle.poll(); context != null; context = idle.poll()) {
            context.close();
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
