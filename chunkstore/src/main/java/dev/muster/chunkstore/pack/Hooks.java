package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.pack.Windows.Window;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.BlockHashes;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;

/// The hooks of an image that is to be packed ([Block#isHook]), by which a store tells what its likely parents
/// are.
public final class Hooks {
    /// So much of an image is read at most: 16,384 blocks, with about 512 hooks among them.
    public static final int SAMPLE_BYTES_MAX = 64 << 20;

    private static final int SAMPLE_BLOCKS_MAX = SAMPLE_BYTES_MAX / Block.BYTES;
    /// 64 KiB: few enough to be spread well, enough that a disk with arms is not asked for single blocks.
    private static final int STRETCH_BLOCKS = 16;

    private final BlockReader reader;
    private final Set<Hash> found = new LinkedHashSet<>();

    private Hooks(BlockReader reader) {
        this.reader = reader;
    }

    /// The names of the hooks in a sample of the image's data, which is spread evenly over all that is neither
    /// zeros nor holes by its container. Of an image with up to 64 MiB of data it is all of them. The same
    /// image gives the same hooks.
    ///
    /// @throws dev.muster.protocol.MusterException.Corrupt if the image is corrupt
    public static Set<Hash> sample(DiskImage image) throws IOException {
        Hooks hooks = new Hooks(new BlockReader(image, new Buffers()));
        hooks.readStretches(Windows.dataBytes(image) / Block.BYTES);
        return hooks.found;
    }

    /// @param dataBlocks how many there are; the stretches are even among these, numbered in their order
    private void readStretches(long dataBlocks) throws IOException {
        boolean all = dataBlocks <= SAMPLE_BLOCKS_MAX;
        long length = all ? dataBlocks : STRETCH_BLOCKS;
        long stretches = all ? 1 : SAMPLE_BLOCKS_MAX / STRETCH_BLOCKS;
        long stretch = 0;
        long seen = 0;
        for (Windows windows = new Windows(reader.image()); windows.hasNext(); ) {
            Window window = windows.next(Buffers.BLOCKS);
            long end = seen + window.dataBlocks();
            long start = stretch * dataBlocks / stretches;
            while (stretch < stretches && start < end) {
                long from = Math.max(start, seen);
                long to = Math.min(start + length, end);
                read(window.firstBlock() + from - seen, (int) (to - from));
                if (to < start + length) {
                    break;
                }
                stretch++;
                start = stretch * dataBlocks / stretches;
            }
            seen = end;
        }
    }

    private void read(long firstBlock, int blocks) throws IOException {
        ByteBuffer bytes = reader.buffers().take();
        reader.read(firstBlock, blocks, bytes);
        BlockHashes hashes = BlockHashes.of(bytes.flip());
        for (int i = 0; i < hashes.size(); i++) {
            if (Block.isHook(hashes.get(i))) {
                found.add(hashes.get(i));
            }
        }
        reader.buffers().release(bytes);
    }
}
