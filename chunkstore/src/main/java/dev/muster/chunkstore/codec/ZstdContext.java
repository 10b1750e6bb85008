package dev.muster.chunkstore.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Frame;
import java.nio.ByteBuffer;

/// zstd's working memory for one frame at a time (RFC 8878), outside the heap. One thread uses it at a time.
final class ZstdContext implements AutoCloseable {
    private static final int LEVEL = 3;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final ByteBuffer plain = ByteBuffer.allocateDirect(Frame.RAW_BYTES);
    private final ByteBuffer packed = ByteBuffer.allocateDirect((int) Zstd.compressBound(Frame.RAW_BYTES));

    /// The zstd frame of `raw`, valid until the next call.
    ByteBuffer compress(ByteBuffer raw) {
        ByteBuffer from =
                raw.isDirect() ? raw : plain.clear().put(raw.duplicate()).flip();
        packed.clear();
        int length = compressor.compressDirectByteBuffer(
                packed, 0, packed.capacity(), from, from.position(), from.remaining());
        return packed.limit(length);
    }

    /// The `expected` bytes of a frame, valid until the next call.
    ByteBuffer decompress(ByteBuffer zstd, int expected) throws Corrupt {
        decompress(zstd, plain.clear().limit(expected));
        return plain.flip();
    }

    /// Fills `out`, position to limit, which leaves it at its limit.
    ///
    /// The frame must declare its length: then zstd needs no window of its own and never writes beyond `out`.
    void decompress(ByteBuffer zstd, ByteBuffer out) throws Corrupt {
        int expected = out.remaining();
        packed.clear().put(zstd.duplicate()).flip();
        long declared = Zstd.getDirectByteBufferFrameContentSize(packed, 0, packed.remaining());
        if (declared != expected) {
            throw new Corrupt("zstd frame: expected " + expected + " bytes inside, found "
                    + (declared < 0 ? "no length" : Long.toString(declared)));
        }
        ByteBuffer into = out.isDirect() ? out : plain.clear();
        try {
            int found = decompressor.decompressDirectByteBuffer(
                    into, into.position(), expected, packed, 0, packed.remaining());
            if (found != expected) {
                throw new Corrupt("zstd frame: expected " + expected + " bytes inside, found " + found);
            }
        } catch (ZstdException e) {
            throw new Corrupt("zstd frame: " + e.getMessage(), e);
        }
        if (out.isDirect()) {
            out.position(out.limit());
        } else {
            out.put(plain.limit(expected));
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
