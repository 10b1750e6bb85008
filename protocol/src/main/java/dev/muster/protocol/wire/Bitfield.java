package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Manifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// Which of the chunks of one manifest are meant: one bit for each, by index. It has one owner and is not safe for
/// threads.
public final class Bitfield {
    public static final int SIZE_MAX = Manifest.CHUNKS_MAX;

    private final int size;
    private final long[] words;
    private int cardinality;

    /// All clear.
    public Bitfield(int size) {
        if (size < 0 || size > SIZE_MAX) {
            throw new IllegalArgumentException("a bitfield has 0 to " + SIZE_MAX + " bits, not " + size);
        }
        this.size = size;
        this.words = new long[Math.ceilDiv(size, Long.SIZE)];
    }

    private Bitfield(Bitfield other) {
        size = other.size;
        words = other.words.clone();
        cardinality = other.cardinality;
    }

    public static Bitfield full(int size) {
        Bitfield bits = new Bitfield(size);
        Arrays.fill(bits.words, -1L);
        if (size % Long.SIZE != 0) {
            bits.words[bits.words.length - 1] = (1L << size) - 1;
        }
        bits.cardinality = size;
        return bits;
    }

    public Bitfield copy() {
        return new Bitfield(this);
    }

    public int size() {
        return size;
    }

    /// How many bits are set.
    public int cardinality() {
        return cardinality;
    }

    public boolean isFull() {
        return cardinality == size;
    }

    public boolean get(int index) {
        Objects.checkIndex(index, size);
        return (words[index / Long.SIZE] & 1L << index) != 0;
    }

    /// @return whether it was clear before
    public boolean set(int index) {
        boolean changes = !get(index);
        if (changes) {
            words[index / Long.SIZE] |= 1L << index;
            cardinality++;
        }
        return changes;
    }

    /// @return whether it was set before
    public boolean clear(int index) {
        boolean changes = get(index);
        if (changes) {
            words[index / Long.SIZE] &= ~(1L << index);
            cardinality--;
        }
        return changes;
    }

    /// The first set bit at or after `from`, or -1. To visit all: `for (int i = next(0); i >= 0; i = next(i + 1))`.
    public int next(int from) {
        return next(from, 0);
    }

    /// The first clear bit at or after `from`, or -1.
    public int nextClear(int from) {
        int found = next(from, -1);
        return found < size ? found : -1;
    }

    /// @param flip 0 to look for ones, -1 for zeros
    private int next(int from, long flip) {
        if (from >= size) {
            return -1;
        }
        int at = from / Long.SIZE;
        long word = (words[at] ^ flip) & -1L << from;
        while (word == 0 && ++at < words.length) {
            word = words[at] ^ flip;
        }
        return word == 0 ? -1 : at * Long.SIZE + Long.numberOfTrailingZeros(word);
    }

    public void write(ByteWriter out) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words);
        out.u32(size).bytes(bytes.limit(Math.ceilDiv(size, Byte.SIZE)));
    }

    /// @throws Corrupt if the bytes are not as many as the size needs, or a bit beyond the size is set
    public static Bitfield read(ByteReader in) throws Corrupt {
        int size = in.u32(SIZE_MAX);
        ByteBuffer bytes = in.view(Math.ceilDiv(size, Byte.SIZE));
        Bitfield bits = new Bitfield(size);
        for (int i = 0; bytes.hasRemaining(); i++) {
            bits.words[i / Long.BYTES] |= Byte.toUnsignedLong(bytes.get()) << (i % Long.BYTES * Byte.SIZE);
        }
        if (size % Long.SIZE != 0 && bits.words[bits.words.length - 1] >>> size != 0) {
            throw in.refuse("no bit beyond " + size, "one");
        }
        for (long word : bits.words) {
            bits.cardinality += Long.bitCount(word);
        }
        return bits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bitfield bits && size == bits.size && Arrays.equals(words, bits.words);
    }

    @Override
    public int hashCode() {
        return 31 * size + Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return "Bitfield[" + cardinality + " of " + size + "]";
    }
}
