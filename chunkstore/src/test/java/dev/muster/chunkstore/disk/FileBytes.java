package dev.muster.chunkstore.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.TreeMap;

/// What a file holds, and which blocks of the disk it takes: sparse, so that many copies of it are cheap.
final class FileBytes {
    static final int BLOCK = 4096;

    private final TreeMap<Integer, byte[]> blocks = new TreeMap<>();
    private final BitSet taken = new BitSet();
    private long size;

    FileBytes copy() {
        FileBytes copy = new FileBytes();
        blocks.forEach((number, bytes) -> copy.blocks.put(number, bytes.clone()));
        copy.taken.or(taken);
        copy.size = size;
        return copy;
    }

    long size() {
        return size;
    }

    long allocated() {
        return (long) taken.cardinality() * BLOCK;
    }

    /// How many bytes of the disk it takes more after a change.
    long room(FileChange change) {
        return switch (change) {
            case FileChange.Write(long at, ByteBuffer bytes) -> untaken(at, at + bytes.remaining());
            case FileChange.Allocate(long bytes, boolean _) -> untaken(0, bytes);
            case FileChange.Resize _, FileChange.Punch _ -> 0;
        };
    }

    void apply(FileChange change) {
        switch (change) {
            case FileChange.Write(long at, ByteBuffer bytes) -> write(at, bytes.duplicate());
            case FileChange.Allocate(long bytes, boolean keepSize) -> {
                taken.set(0, blockAfter(bytes));
                size = keepSize ? size : Math.max(size, bytes);
            }
            case FileChange.Resize(long bytes) -> {
                zero(bytes, Math.max(bytes, size));
                taken.clear(blockAfter(bytes), Integer.MAX_VALUE);
                blocks.tailMap(blockAfter(bytes)).clear();
                size = bytes;
            }
            case FileChange.Punch(long at, long bytes) -> {
                zero(at, Math.min(size, at + bytes));
                taken.clear(blockAfter(at), Math.max(blockAfter(at), (int) ((at + bytes) / BLOCK)));
            }
        }
    }

    void read(ByteBuffer out, long at) {
        for (long next = at; out.hasRemaining(); ) {
            int within = (int) (next % BLOCK);
            int count = Math.min(BLOCK - within, out.remaining());
            byte[] block = blocks.get((int) (next / BLOCK));
            if (block == null) {
                out.put(new byte[count]);
            } else {
                out.put(block, within, count);
            }
            next += count;
        }
    }

    private void write(long at, ByteBuffer bytes) {
        for (long next = at; bytes.hasRemaining(); ) {
            int within = (int) (next % BLOCK);
            int count = Math.min(BLOCK - within, bytes.remaining());
            int number = (int) (next / BLOCK);
            bytes.get(blocks.computeIfAbsent(number, _ -> new byte[BLOCK]), within, count);
            taken.set(number);
            next += count;
            size = Math.max(size, next);
        }
    }

    private void zero(long from, long to) {
        for (long next = from; next < to; ) {
            int within = (int) (next % BLOCK);
            int count = (int) Math.min(BLOCK - within, to - next);
            int number = (int) (next / BLOCK);
            if (count == BLOCK) {
                blocks.remove(number);
            } else if (blocks.containsKey(number)) {
                Arrays.fill(blocks.get(number), within, within + count, (byte) 0);
            }
            next += count;
        }
    }

    private long untaken(long from, long to) {
        int first = (int) (from / BLOCK);
        int end = blockAfter(to);
        return (long) (end - first - taken.get(first, Math.max(first, end)).cardinality()) * BLOCK;
    }

    private static int blockAfter(long at) {
        return Math.ceilDiv((int) at, BLOCK);
    }
}
