package dev.muster.chunkstore.volume;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageFixture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Versions of one disk, made by chance, and packed each against the one before. Between them blocks are
/// overwritten, zeroed, moved, swapped, turned round in cycles, copied, inserted and deleted; the disk grows
/// and shrinks, and may end within a block; chunks get blocks that a version does not use; some are packed
/// anew.
final class Versions {
    private Versions() {}

    static List<ImageFixture> of(RandomGenerator random, int versions, int blocks) {
        List<ImageFixture> all = new ArrayList<>();
        int perChunk = random.nextInt(1, 60);
        all.add(cutShort(ImageFixture.of(cut(ImageFixture.disk(random, blocks), random), perChunk), random));
        while (all.size() < versions) {
            ImageFixture before = all.getLast();
            ByteBuffer edited = edited(before.disk(), random, random.nextInt(1, 12));
            int anew = random.nextInt(8);
            ImageFixture next = before.next(edited, id -> (id.hash().a() & 7) < anew - 4, perChunk);
            all.add(cutShort(next, random));
        }
        return all;
    }

    private static ByteBuffer edited(ByteBuffer disk, RandomGenerator random, int edits) {
        List<ByteBuffer> blocks = new ArrayList<>();
        for (int at = 0; at < disk.limit(); at += Block.BYTES) {
            ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
            block.put(0, disk, at, Math.min(Block.BYTES, disk.limit() - at));
            blocks.add(block);
        }
        for (int i = 0; i < edits; i++) {
            edit(blocks, random);
        }
        ByteBuffer edited = ByteBuffer.allocate(blocks.size() * Block.BYTES);
        blocks.forEach(block -> edited.put(block.duplicate().clear()));
        return cut(edited.flip(), random);
    }

    private static void edit(List<ByteBuffer> blocks, RandomGenerator random) {
        int run = 1 + random.nextInt(Math.min(40, blocks.size() / 3));
        int at = random.nextInt(blocks.size() - run + 1);
        int to = random.nextInt(blocks.size() - run + 1);
        List<ByteBuffer> taken = new ArrayList<>(blocks.subList(at, at + run));
        switch (random.nextInt(9)) {
            case 0 -> blocks.subList(at, at + run).replaceAll(_ -> filled(random));
            case 1 -> blocks.subList(at, at + run).replaceAll(_ -> ByteBuffer.allocate(Block.BYTES));
            case 2 -> {
                blocks.subList(at, at + run).clear();
                blocks.addAll(Math.min(to, blocks.size()), taken);
            }
            case 3 -> Collections.swap(blocks, at, to);
            case 4 -> Collections.rotate(blocks.subList(at, at + run), 1 + random.nextInt(run));
            case 5 -> {
                for (int i = 0; i < run; i++) {
                    blocks.set(to + i, taken.get(i));
                }
            }
            case 6 -> {
                for (int i = 0; i < run; i++) {
                    blocks.add(at, filled(random));
                }
            }
            case 7 -> blocks.subList(at, at + run).clear();
            default -> Collections.rotate(blocks, run);
        }
        if (blocks.size() < 30) {
            blocks.addAll(List.of(filled(random), filled(random), filled(random)));
        }
    }

    private static ByteBuffer filled(RandomGenerator random) {
        ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
        ImageFixture.fill(block, random);
        return block;
    }

    /// Ends it within its last block, perhaps, although its chunk goes on.
    private static ImageFixture cutShort(ImageFixture image, RandomGenerator random) {
        boolean ends = image.disk().limit() % Block.BYTES == 0 && random.nextInt(3) == 0;
        return ends ? image.cutShort(512 * random.nextInt(1, 8)) : image;
    }

    /// Ends it within its last block, perhaps.
    private static ByteBuffer cut(ByteBuffer disk, RandomGenerator random) {
        return disk.limit(disk.limit() - (random.nextInt(3) == 0 ? 512 * random.nextInt(8) : 0));
    }
}
