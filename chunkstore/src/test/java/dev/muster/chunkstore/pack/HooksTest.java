package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HooksTest {
    private static final int PARTS = 30;

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
        Set<Hash> expected = Packing.blocks(disk).stream().filter(Block::isHook).collect(Collectors.toSet());

        Set<Hash> sample = Hooks.sample(new MemoryImage(disk));

        assertEquals(expected, sample);
        assertTrue(sample.size() > 50);
    }

    @Test
    void aSampleOfALargeImageIsBoundedAndSpreadOverItsData() throws IOException {
        NumberedImage image = new NumberedImage(3 << 20, 5000, 3, PARTS);
        NumberedImage again = new NumberedImage(3 << 20, 5000, 3, PARTS);

        Set<Hash> sample = Hooks.sample(image);

        assertEquals(sample, Hooks.sample(again));
        assertEquals(Hooks.SAMPLE_BYTES_MAX, image.blocksRead() * Block.BYTES);
        assertTrue(sample.size() > 400 && sample.size() < 650, () -> sample.size() + " hooks");
        // There is as much data in each part of it.
        for (int part = 0; part < PARTS; part++) {
            int blocks = image.blocksRead(part);
            assertTrue(Math.abs(blocks - 16_384 / PARTS) < 48, () -> blocks + " blocks of one part");
        }
    }

    @Test
    void anImageWithoutDataHasNone() throws IOException {
        MemoryImage empty = new MemoryImage(
                ByteBuffer.allocate(0), ImageShape.disk(1L << 40), List.of(new Run(0, 1L << 40, Run.Kind.HOLE)));

        assertEquals(Set.of(), Hooks.sample(empty));
    }
}
