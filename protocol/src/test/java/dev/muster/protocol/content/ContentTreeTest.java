package dev.muster.protocol.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.Seeded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ContentTreeTest {

    @Seeded(runs = 60)
    void theTreeIsWhatItsDefinitionSays(RandomGenerator random) {
        ContentTree tree = new ContentTree();
        List<Hash> blocks = new ArrayList<>();
        int runs = 1 + random.nextInt(12);
        for (int i = 0; i < runs; i++) {
            if (random.nextBoolean()) {
                int zeros = random.nextInt(40);
                tree.addZeros(zeros);
                blocks.addAll(Collections.nCopies(zeros, Block.ZERO));
            }
            Hash hash = random.nextInt(8) == 0 ? Block.ZERO : hash(random);
            tree.add(hash);
            blocks.add(hash);
        }
        long length = (long) blocks.size() * Block.BYTES - random.nextInt(Block.BYTES);

        assertEquals(naive(blocks, length), tree.id(length));
    }

    @Seeded(runs = 200)
    void partsMakeTheTreeOfTheWhole(RandomGenerator random) {
        ContentTree whole = new ContentTree();
        ContentTree ofParts = new ContentTree();
        long blocks = 0;
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            ContentTree part = new ContentTree(blocks);
            for (int j = random.nextInt(40); j > 0; j--) {
                Hash hash = hash(random);
                long zeros = random.nextInt(4) == 0 ? random.nextInt(70) : 0;
                whole.add(hash);
                whole.addZeros(zeros);
                part.add(hash);
                part.addZeros(zeros);
                blocks += 1 + zeros;
            }
            ofParts.add(part);
        }
        whole.addZeros(1);
        ofParts.addZeros(1);
        long length = (blocks + 1) * Block.BYTES;

        assertEquals(whole.id(length), ofParts.id(length));
    }

    @Test
    void aPartHasOnePlace() {
        ContentTree tree = new ContentTree();
        tree.addZeros(5);
        ContentTree part = new ContentTree(4);
        part.addZeros(4);

        assertThrows(IllegalArgumentException.class, () -> tree.add(part));
        assertThrows(IllegalStateException.class, () -> part.id(8 * Block.BYTES));
    }

    @Test
    void theLargestEmptyImageIsCheap() {
        ContentTree all = new ContentTree();
        all.addZeros(1L << 36);
        ContentTree parts = new ContentTree();
        parts.addZeros(3);
        parts.addZeros((1L << 35) + 5);
        parts.addZeros((1L << 35) - 8);

        assertEquals(all.id(ImageShape.LENGTH_MAX), parts.id(ImageShape.LENGTH_MAX));
    }

    @Test
    void lengthIsPartOfTheName() {
        ContentTree whole = new ContentTree();
        whole.addZeros(1);
        ContentTree shorter = new ContentTree();
        shorter.addZeros(1);

        assertNotEquals(whole.id(Block.BYTES), shorter.id(Block.BYTES - 1));
    }

    @Test
    void anImageHasAsManyBlocksAsItsLengthSays() {
        ContentTree tree = new ContentTree();
        tree.addZeros(2);

        assertThrows(IllegalStateException.class, () -> tree.id(Block.BYTES));
        assertThrows(IllegalStateException.class, () -> new ContentTree().id(0));
    }

    private static ContentId naive(List<Hash> blocks, long length) {
        List<Hash> level = new ArrayList<>();
        int width = Math.max(1, Integer.highestOneBit(2 * blocks.size() - 1));
        for (int i = 0; i < width; i++) {
            Hash block = i < blocks.size() ? blocks.get(i) : Block.ZERO;
            level.add(Hash.of(new byte[] {0}, block.toBytes()));
        }
        while (level.size() > 1) {
            List<Hash> above = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                above.add(Hash.of(
                        new byte[] {1}, level.get(i).toBytes(), level.get(i + 1).toBytes()));
            }
            level = above;
        }
        ByteBuffer size = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return new ContentId(Hash.of(
                new byte[] {'M', 'I', '1'}, size.array(), level.getFirst().toBytes()));
    }

    private static Hash hash(RandomGenerator random) {
        return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }
}
