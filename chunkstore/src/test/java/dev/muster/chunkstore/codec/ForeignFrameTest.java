package dev.muster.chunkstore.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ForeignFrameTest {
    private static final byte[] PLAIN = new byte[5000];
    private static final byte[] FRAME = Zstd.compress(PLAIN);

    @Test
    void whatFollowsTheFrameIsNoPartOfIt() throws Corrupt {
        byte[] longer = Arrays.copyOf(FRAME, FRAME.length + 100);
        Arrays.fill(longer, FRAME.length, longer.length, (byte) 0x5a);
        byte[] out = new byte[5000];
        Arrays.fill(out, (byte) 1);

        ForeignFrame.decode(longer, longer.length, out);

        assertArrayEquals(PLAIN, out);
    }

    @Test
    void aFrameOfAnotherLengthIsRefused() {
        assertThrows(Corrupt.class, () -> ForeignFrame.decode(FRAME, FRAME.length, new byte[4999]));
        assertThrows(Corrupt.class, () -> ForeignFrame.decode(FRAME, FRAME.length, new byte[5001]));
        assertThrows(Corrupt.class, () -> ForeignFrame.decode(FRAME, FRAME.length - 1, new byte[5000]));
    }

    @Seeded(runs = 200)
    void otherBytesAreRefusedOrDecodedAndNothingElse(RandomGenerator random) {
        byte[] bytes = FRAME.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        try {
            ForeignFrame.decode(bytes, bytes.length, new byte[5000]);
        } catch (Corrupt e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("zstd frame: expected 5000 bytes inside"));
        }
    }
}
