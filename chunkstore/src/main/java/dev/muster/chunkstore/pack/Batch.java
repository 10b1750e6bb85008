package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.pack.Windows.Window;
import dev.muster.protocol.content.BlockHashes;
import dev.muster.protocol.content.ContentTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Windows in a row with up to 1 MiB of data in all, so that an image of many small runs makes no more tasks
/// than a solid one of as much data.
///
/// @param windows at least one
record Batch(List<Window> windows) {
    private static final int WINDOWS_MAX = 256;

    /// What a batch holds.
    ///
    /// @param bytes the windows' data, position 0 to limit; to be released
    /// @param hashes of each block of it
    /// @param content the batch's part of the tree
    record Read(List<Window> windows, ByteBuffer bytes, BlockHashes hashes, ContentTree content) {}

    static Batch next(Windows windows) throws IOException {
        List<Window> some = new ArrayList<>();
        int room = Buffers.BLOCKS;
        while (windows.hasNext() && room > 0 && some.size() < WINDOWS_MAX) {
            Window window = windows.next(room);
            some.add(window);
            room -= window.dataBlocks();
        }
        return new Batch(some);
    }

    Read read(BlockReader reader) throws IOException {
        ByteBuffer bytes = reader.buffers().take();
        for (Window window : windows) {
            if (window.hasData()) {
                reader.read(window.firstBlock(), window.dataBlocks(), bytes);
            }
        }
        BlockHashes hashes = BlockHashes.of(bytes.flip());
        ContentTree content = new ContentTree(windows.getFirst().firstBlock());
        int at = 0;
        for (Window window : windows) {
            for (int i = 0; i < window.dataBlocks(); i++) {
                content.add(hashes.get(at));
                at++;
            }
            content.addZeros(window.hasData() ? 0 : window.blocks());
        }
        return new Read(windows, bytes, hashes, content);
    }
}
