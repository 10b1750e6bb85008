package dev.muster.chunkstore.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.muster.protocol.MusterException.Corrupt;

/// A zstd frame (RFC 8878) that another program wrote, as disk containers hold them: of known length inside, with
/// whatever came next behind it.
public final class ForeignFrame {
    private ForeignFrame() {}

    /// Fills `out` from the frame at the start of `bytes`, which must hold exactly that much.
    ///
    /// @param length how many of `bytes` may belong to the frame
    public static void decode(byte[] bytes, int length, byte[] out) throws Corrupt {
        // Decoding in one go needs no window of the size that the frame asks for, and never writes beyond `out`.
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            int frameBytes = (int) Zstd.findFrameCompressedSize(bytes, 0, length);
            int found = context.decompressByteArray(out, 0, out.length, bytes, 0, frameBytes);
            if (found != out.length) {
                throw new Corrupt("zstd frame: expected " + out.length + " bytes inside, found " + found);
            }
        } catch (ZstdException e) {
            throw new Corrupt("zstd frame: expected " + out.length + " bytes inside, found " + e.getMessage(), e);
        }
    }
}
