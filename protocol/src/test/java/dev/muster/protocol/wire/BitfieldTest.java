package dev.muster.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BitfieldTest {

    @Seeded
    void itDoesWhatABitSetDoes(RandomGenerator random) throws Corrupt {
        int size = random.nextInt(300) + 1;
        Bitfield bits = random.nextBoolean() ? new Bitfield(size) : Bitfield.full(size);
        BitSet model = new BitSet(size);
        model.set(0, size, bits.isFull());

        for (int step = 0; step < 500; step++) {
            int index = random.nextInt(size);
            assertEquals(model.get(index), bits.get(index));
            if (random.nextBoolean()) {
                assertEquals(!model.get(index), bits.set(index));
                model.set(index);
            } else {
                assertEquals(model.get(index), bits.clear(index));
                model.clear(index);
            }
            int from = random.nextInt(size + 1);
            int nextClear = model.nextClearBit(from);
            assertEquals(model.nextSetBit(from), bits.next(from));
            assertEquals(nextClear < size ? nextClear : -1, bits.nextClear(from));
            assertEquals(model.cardinality(), bits.cardinality());
            assertEquals(model.cardinality() == size, bits.isFull());
        }
        assertEquals(bits, roundTrip(bits));
        assertEquals(bits.cardinality(), roundTrip(bits).cardinality());
        assertEquals(bits, bits.copy());
    }

    @Test
    void aCopyIsItsOwn() {
        Bitfield bits = new Bitfield(10);
        Bitfield copy = bits.copy();

        copy.set(3);

        assertFalse(bits.get(3));
        assertTrue(copy.get(3));
    }

    @Test
    void aBitBeyondTheSizeIsRefused() {
        for (int size : new int[] {1, 7, 63, 65, 100}) {
            for (int stray = size; stray < Math.ceilDiv(size, 8) * 8; stray++) {
                byte[] bytes = new byte[Math.ceilDiv(size, 8)];
                bytes[stray / 8] |= (byte) (1 << stray % 8);
                ByteReader in = ByteReader.of(
                        "bits", new ByteWriter().u32(size).bytes(bytes).toBytes());
                assertThrows(Corrupt.class, () -> Bitfield.read(in));
            }
        }
    }

    @Test
    void aSizeBeyondTheCapIsRefusedBeforeItIsAllocated() {
        ByteReader in = ByteReader.of("bits", new ByteWriter().u32(0xffff_ffffL).toBytes());

        assertThrows(Corrupt.class, () -> Bitfield.read(in));
        assertThrows(IllegalArgumentException.class, () -> new Bitfield(Bitfield.SIZE_MAX + 1));
    }

    @Test
    void anIndexOutsideIsACallersMistake() {
        assertThrows(IndexOutOfBoundsException.class, () -> new Bitfield(8).get(8));
        assertThrows(IndexOutOfBoundsException.class, () -> new Bitfield(8).set(-1));
        assertEquals(-1, new Bitfield(0).next(0));
        assertTrue(new Bitfield(0).isFull());
    }

    private static Bitfield roundTrip(Bitfield bits) throws Corrupt {
        ByteWriter out = new ByteWriter();
        bits.write(out);
        ByteReader in = ByteReader.of("bits", out.toBytes());
        Bitfield read = Bitfield.read(in);
        in.end();
        return read;
    }
}
