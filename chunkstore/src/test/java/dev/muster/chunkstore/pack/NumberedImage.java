package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// A disk of any length that is kept nowhere: noise that follows from each block's number. Of its runs, which
/// are equally long, one in so many has data and the others are holes.
final class NumberedImage implements DiskImage {
    private final long blocks;
    private final long runBlocks;
    private final int period;
    private final AtomicIntegerArray read;

    /// @param blocks of the whole disk
    /// @param runBlocks of each run
    /// @param period the first run has data, the next one that does comes so many runs later
    /// @param parts into how many equal parts of the disk blocks are counted that were read
    NumberedImage(long blocks, long runBlocks, int period, int parts) {
        this.blocks = blocks;
        this.runBlocks = runBlocks;
        this.period = period;
        this.read = new AtomicIntegerArray(parts);
    }

    /// How many blocks of a part of the disk were read.
    int blocksRead(int part) {
        return read.get(part);
    }

    int blocksRead() {
        int sum = 0;
        for (int part = 0; part < read.length(); part++) {
            sum += read.get(part);
        }
        return sum;
    }

    @Override
    public ImageShape shape() {
        return ImageShape.disk(blocks * Block.BYTES);
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        for (long block = offset / Block.BYTES; into.hasRemaining(); block++) {
            if (block / runBlocks % period != 0) {
                throw new IllegalStateException("block " + block + " is a hole and need not be read");
            }
            ByteBuffer words = into.slice(into.position(), Block.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long word = block << 9; words.hasRemaining(); word++) {
                words.putLong((word ^ word >>> 7) * 0x9e3779b97f4a7c15L);
            }
            into.position(into.position() + Block.BYTES);
            read.incrementAndGet((int) (block * read.length() / blocks));
        }
    }

    @Override
    public Run run(long offset) {
        long number = offset / Block.BYTES / runBlocks;
        boolean data = number % period == 0;
        long next = data ? number + 1 : (number / period + 1) * period;
        long end = Math.min(next * runBlocks, blocks) * Block.BYTES;
        return new Run(offset, end - offset, data ? Run.Kind.DATA : Run.Kind.HOLE);
    }

    @Override
    public void checkUnchanged() {}

    @Override
    public void close() {}
}
