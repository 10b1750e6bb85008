package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.MemoryImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HooksTest {

    @Test
    void aHookIsABlockWhoseNameEndsInFiveZeroBits() {
        assertTrue(Block.isHook(new Hash(1, 2, 3, 0)));
        assertTrue(Block.isHook(new Hash(1, 2, 3, -32)));
        assertFalse(Block.isHook(new Hash(0, 0, 0, 16)));
        assertFalse(Block.isHook(new Hash(0, 0, 0, 31)));
        assertFalse(Block.isHook(Block.ZERO));
    }

    @Test
    void allHooksOfASmallImageAreInItsSample() throws IOException {
        ByteBuffer disk = ImageFixture.disk(new SplittableRandom(1), 3000);
        Set<Hash> expected =
                Packing.blocks(disk).stream().filter(Block::isHook).collect(Collectors.toSet());

        Set<Hash> sample = Hooks.sample(new MemoryImage(disk));

        assertEquals(expected, sample);
        assertTrue(sample.size() > 50);
    }

    @Test
    void aSampleOfALargeImageIsBoundedAndSpreadOverItsData() throws IOException {
        NumberedImage image = new NumberedImage(3 << 20, 5000, 3);
        NumberedImage again = new NumberedImage(3 << 20, 5000, 3);

        Set<Hash> sample = Hooks.sample(image);

        assertEquals(sample, Hooks.sample(again));
        assertEquals(Hooks.SAMPLE_BYTES_MAX, image.blocksRead * Block.BYTES);
        assertTrue(sample.size() > 400 && sample.size() < 650, () -> sample.size() + " hooks");
        // Each thirtieth of the image, in which there is as much data as in any other, has given as much as any other.
        assertEquals(30, image.readByPart.size());
        image.readByPart.values().forEach(blocks -> assertTrue(Math.abs(blocks - 16_384 / 30) < 48, blocks::toString));
    }

    @Test
    void anImageWithoutDataHasNone() throws IOException {
        MemoryImage empty = new MemoryImage(
                ByteBuffer.allocate(0), ImageShape.disk(1L << 40), List.of(new Run(0, 1L << 40, Run.Kind.HOLE)));

        assertEquals(Set.of(), Hooks.sample(empty));
    }

    /// A large disk of blocks that each hold their number; of `period` runs of equal length one has data.
    private static final class NumberedImage implements DiskImage {
        private final long blocks;
        private final long runBlocks;
        private final int period;
        private final TreeMap<Long, Integer> readByPart = new TreeMap<>();
        private int blocksRead;

        NumberedImage(long blocks, long runBlocks, int period) {
            this.blocks = blocks;
            this.runBlocks = runBlocks;
            this.period = period;
        }

        @Override
        public ImageShape shape() {
            return ImageShape.disk(blocks * Block.BYTES);
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            for (long block = offset / Block.BYTES; into.hasRemaining(); block++) {
                assertEquals(0, block / runBlocks % period, "holes are not read");
                into.slice().putLong(0, block);
                into.position(into.position() + Block.BYTES);
                readByPart.merge(block * 30 / blocks, 1, Integer::sum);
                blocksRead++;
            }
        }

        @Override
        public Run run(long offset) {
            long number = offset / Block.BYTES / runBlocks;
            long end = Math.min((number + 1) * runBlocks, blocks) * Block.BYTES;
            return new Run(offset, end - offset, number % period == 0 ? Run.Kind.DATA : Run.Kind.HOLE);
        }

        @Override
        public void checkUnchanged() {}

        @Override
        public void close() {}
    }
}
