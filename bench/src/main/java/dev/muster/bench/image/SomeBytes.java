package dev.muster.bench.image;

import java.util.random.RandomGenerator;

/// Bytes of no meaning.
public final class SomeBytes {
    private SomeBytes() {}

    /// Half noise, half words: about as compressible as programs are.
    public static byte[] mixed(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i + 16 <= length; i += 32) {
            int word = random.nextInt(64);
            for (int j = 0; j < 16; j++) {
                bytes[i + j] = (byte) ('a' + (word + j) % 26);
            }
        }
        return bytes;
    }
}
