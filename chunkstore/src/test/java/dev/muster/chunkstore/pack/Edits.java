package dev.muster.chunkstore.pack;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageFixture;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// What happens to a disk between two versions.
final class Edits {
    private Edits() {}

    /// A disk of the same length with runs of blocks overwritten, inserted, moved and deleted.
    static ByteBuffer edited(ByteBuffer disk, RandomGenerator random, int edits) {
        ByteBuffer edited =
                ByteBuffer.allocate(disk.limit()).put(disk.duplicate()).flip();
        int blocks = disk.limit() / Block.BYTES;
        for (int i = 0; i < edits; i++) {
            int run = 1 + random.nextInt(12);
            int at = random.nextInt(blocks - run);
            int to = random.nextInt(blocks - run);
            switch (random.nextInt(4)) {
                case 0 -> fill(edited, at, run, random);
                case 1 -> {
                    shift(edited, at, at + run);
                    fill(edited, at, run, random);
                }
                case 2 -> edited.put(to * Block.BYTES, copy(edited, at, run), 0, run * Block.BYTES);
                default -> {
                    shift(edited, at + run, at);
                    fill(edited, blocks - run, run, random);
                }
            }
        }
        return edited;
    }

    /// Moves all from block `from` on to start at block `to`.
    private static void shift(ByteBuffer disk, int from, int to) {
        int blocks = disk.limit() / Block.BYTES - Math.max(from, to);
        disk.put(to * Block.BYTES, copy(disk, from, blocks), 0, blocks * Block.BYTES);
    }

    private static ByteBuffer copy(ByteBuffer disk, int first, int blocks) {
        return ByteBuffer.allocate(blocks * Block.BYTES)
                .put(disk.slice(first * Block.BYTES, blocks * Block.BYTES))
                .flip();
    }

    private static void fill(ByteBuffer disk, int first, int blocks, RandomGenerator random) {
        ImageFixture.fill(disk.slice(first * Block.BYTES, blocks * Block.BYTES), random);
    }
}
