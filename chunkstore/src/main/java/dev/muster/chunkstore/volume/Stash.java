package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Checksum;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Blocks that are on the move from one place of a target to another, in a file beside what is known of the
/// volume. The layout is in this package's documentation. Safe for many threads.
final class Stash implements Closeable {
    /// 4 GiB of blocks.
    static final int BLOCKS_MAX = 1 << 20;

    private static final String MAGIC = "MSTRSTSH";
    private static final int FIXED_BYTES = 16;

    private final DiskFile file;
    /// Where each block lies in the file, in blocks.
    private final Map<Hash, Integer> places;

    private Stash(DiskFile file, Map<Hash, Integer> places) {
        this.file = file;
        this.places = places;
    }

    /// Puts these blocks in place of what was stashed, whole or not at all, and durably.
    static Stash replace(Disk disk, Path path, SequencedMap<Hash, ByteBuffer> blocks) throws IOException {
        ByteWriter head = new ByteWriter(Block.BYTES).magic(MAGIC).u16(1).u16(0).u32(blocks.size());
        for (Hash hash : blocks.keySet()) {
            hash.write(head);
        }
        Path part = path.resolveSibling(path.getFileName() + Disk.PART);
        try (DiskFile out = disk.create(part)) {
            out.write(ByteBuffer.wrap(Checksum.append(head)), 0);
            long at = (long) headBlocks(blocks.size()) * Block.BYTES;
            for (ByteBuffer block : blocks.values()) {
                out.write(block.duplicate(), at);
                at += Block.BYTES;
            }
            out.force();
        }
        disk.rename(part, path);
        disk.forceDirectory(path.resolveSibling(""));
        return new Stash(disk.open(path), places(List.copyOf(blocks.keySet())));
    }

    /// What is stashed there, if anything is.
    ///
    /// @throws Corrupt if it is damaged
    static Optional<Stash> open(Disk disk, Path path) throws IOException {
        if (!disk.exists(path)) {
            return Optional.empty();
        }
        DiskFile file = disk.open(path);
        try {
            return Optional.of(new Stash(file, places(readHashes(file))));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    Set<Hash> hashes() {
        return places.keySet();
    }

    /// Fills `out`, position to limit, with the block of that hash, unverified.
    ///
    /// @return false if it is not here
    boolean read(Hash hash, ByteBuffer out) throws IOException {
        Integer place = places.get(hash);
        if (place == null) {
            return false;
        }
        file.read(out, (long) place * Block.BYTES);
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static List<Hash> readHashes(DiskFile file) throws IOException {
        ByteBuffer fixed = ByteBuffer.allocate(FIXED_BYTES);
        file.read(fixed, 0);
        ByteReader in = new ByteReader("stash", fixed.flip());
        Checksum.header(in, MAGIC);
        int count = in.u32(BLOCKS_MAX);
        ByteBuffer head = ByteBuffer.allocate(headBytes(count));
        file.read(head, 0);
        ByteReader checked = Checksum.check("stash", head.flip());
        checked.view(FIXED_BYTES);
        List<Hash> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hashes.add(Hash.read(checked));
        }
        return hashes;
    }

    private static Map<Hash, Integer> places(List<Hash> hashes) {
        Map<Hash, Integer> places = HashMap.newHashMap(hashes.size());
        int at = headBlocks(hashes.size());
        for (Hash hash : hashes) {
            places.put(hash, at);
            at++;
        }
        return places;
    }

    private static int headBytes(int count) {
        return FIXED_BYTES + count * Hash.BYTES + Checksum.BYTES;
    }

    private static int headBlocks(int count) {
        return Math.ceilDiv(headBytes(count), Block.BYTES);
    }
}
