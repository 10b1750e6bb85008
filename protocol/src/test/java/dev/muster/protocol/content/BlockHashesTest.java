package dev.muster.protocol.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.Seeded;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BlockHashesTest {

    @Seeded
    void everyBlockHasTheHashOfItsBytesWhereverTheyLie(RandomGenerator random) {
        int blocks = random.nextInt(20);
        ByteBuffer disk = ImageFixture.disk(random, 1 + blocks);
        int skipped = random.nextInt(Block.BYTES);
        ByteBuffer heap = ByteBuffer.allocate(disk.limit() + 7).put(7, disk, 0, disk.limit());
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.capacity()).put(0, heap, 0, heap.capacity());
        ByteBuffer some = heap.slice(7, disk.limit()).position(skipped).limit(skipped + blocks * Block.BYTES);
        ByteBuffer same =
                direct.slice(7, disk.limit()).position(some.position()).limit(some.limit());

        for (ByteBuffer bytes : new ByteBuffer[] {some, same, some.asReadOnlyBuffer()}) {
            BlockHashes hashes = BlockHashes.of(bytes);

            assertEquals(blocks, hashes.size());
            assertEquals(skipped, bytes.position());
            for (int i = 0; i < blocks; i++) {
                assertEquals(Hash.of(disk.slice(skipped + i * Block.BYTES, Block.BYTES)), hashes.get(i));
            }
        }
    }

    @Test
    void partsOfBlocksHaveNone() {
        assertThrows(IllegalArgumentException.class, () -> BlockHashes.of(ByteBuffer.allocate(Block.BYTES + 1)));
        assertEquals(
                Block.ZERO, BlockHashes.of(ByteBuffer.allocate(Block.BYTES)).get(0));
    }
}
