package dev.muster.bench.image;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/// The blocks of an image that are not zero.
///
/// @param bytes of all of them, also of those that are there more than once
public record ImageBlocks(Set<Hash> distinct, long bytes) {
    private static final int WINDOW_BYTES = 1 << 20;

    public static ImageBlocks of(Path image) throws IOException {
        Set<Hash> distinct = new HashSet<>();
        long bytes = 0;
        ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            for (long at = 0; at < channel.size(); at += WINDOW_BYTES) {
                window.clear();
                while (window.hasRemaining() && channel.read(window, at + window.position()) > 0) {
                    // Until the window is full or the image ends.
                }
                for (int i = 0; i < window.position(); i += Block.BYTES) {
                    ByteBuffer block = window.slice(i, Math.min(Block.BYTES, window.position() - i));
                    if (!Block.isZero(block)) {
                        distinct.add(Hash.of(block));
                        bytes += block.limit();
                    }
                }
            }
        }
        return new ImageBlocks(distinct, bytes);
    }

    /// Bytes of the distinct blocks that are found nowhere in another image: what no delta can do without.
    public long changedBytes(ImageBlocks before) {
        return distinct.stream()
                        .filter(block -> !before.distinct.contains(block))
                        .count()
                * Block.BYTES;
    }
}
