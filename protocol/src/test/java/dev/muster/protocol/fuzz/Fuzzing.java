package dev.muster.protocol.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Feeds one parser with mutations of good inputs. A parser may refuse by an [IOException]; whatever else it throws,
/// and every megabyte that it takes beyond its allowance, is a finding, which is told as the bytes that cause it.
///
/// The corpus is what our own encoders make, so that it never goes stale, and the findings of the past: the file
/// `fuzz/TARGET` among the test's resources, one input in hexadecimal on each line.
///
/// With the system property `muster.fuzz.seconds` it runs for so long instead, from another seed each time, and
/// `muster.fuzz.target` chooses one target.
public final class Fuzzing {
    private static final int RUNS = 3000;
    private static final int INPUT_BYTES_MAX = 1 << 20;
    private static final int MUTATIONS_MAX = 6;
    private static final long ALLOCATED_BYTES_MAX = 16L << 20;
    private static final long SEED = 20;

    private final String target;
    private final Class<?> test;
    private final List<byte[]> corpus;
    private long allowance = ALLOCATED_BYTES_MAX;

    /// What is fuzzed.
    @FunctionalInterface
    public interface Parser {
        void parse(byte[] bytes) throws IOException;
    }

    private Fuzzing(Class<?> test, String target, List<byte[]> corpus) {
        this.test = test;
        this.target = target;
        this.corpus = corpus;
    }

    /// @param test among whose resources the findings are
    /// @param seeds good inputs
    public static Fuzzing of(Class<?> test, String target, List<byte[]> seeds) {
        List<byte[]> corpus = new ArrayList<>(seeds);
        corpus.addAll(findings(test, target));
        return new Fuzzing(test, target, corpus);
    }

    private static List<byte[]> findings(Class<?> test, String target) {
        try (InputStream in = test.getResourceAsStream("/fuzz/" + target)) {
            return in == null
                    ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .map(HexFormat.of()::parseHex)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lets the parser take so many bytes for one input, which is 16 MiB else.
    public Fuzzing allowing(long bytes) {
        allowance = bytes;
        return this;
    }

    public void run(Parser parser) {
        String wanted = System.getProperty("muster.fuzz.target", target);
        Assumptions.assumeTrue(wanted.equals(target), "another target is wanted");
        Duration time = Duration.ofSeconds(Long.getLong("muster.fuzz.seconds", 0));
        long seed = time.isZero() ? SEED : System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (byte[] input : corpus) {
            feed(parser, input, seed);
        }
        long start = System.nanoTime();
        long runs = 0;
        while (time.isZero() ? runs < RUNS : System.nanoTime() - start < time.toNanos()) {
            feed(parser, mutated(random), seed);
            runs++;
        }
        System.getLogger(test.getName())
                .log(
                        time.isZero() ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                        "fuzzed: target={0} runs={1} seed={2}",
                        target,
                        runs,
                        seed);
    }

    private void feed(Parser parser, byte[] input, long seed) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        try {
            parser.parse(input.clone());
        } catch (IOException _) {
            // Refused, as it should be.
        } catch (RuntimeException | Error e) {
            Assertions.fail(finding("threw " + e, input, seed), e);
        }
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;
        if (allocated > allowance + 16L * input.length) {
            Assertions.fail(finding("took " + allocated + " bytes", input, seed));
        }
    }

    private String finding(String what, byte[] input, long seed) {
        return target + ": seed " + seed + ", the parser " + what + " for\n"
                + HexFormat.of().formatHex(input);
    }

    private byte[] mutated(RandomGenerator random) {
        byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
        int mutations = 1 + random.nextInt(MUTATIONS_MAX);
        for (int i = 0; i < mutations; i++) {
            bytes = mutated(bytes, random);
        }
        return bytes;
    }

    private byte[] mutated(byte[] bytes, RandomGenerator random) {
        int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
        return switch (random.nextInt(8)) {
            case 0 -> flipped(bytes, at, random);
            case 1 -> overwritten(bytes, at, new byte[] {(byte) random.nextInt(256)});
            case 2 -> overwritten(bytes, at, extreme(random));
            case 3 -> spliced(bytes, at, at, some(random)); // inserted
            case 4 -> spliced(bytes, at, at + length, new byte[0]); // deleted
            case 5 -> spliced(bytes, at, bytes.length, new byte[0]); // cut short
            case 6 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length)); // doubled
            default -> crossed(bytes, corpus.get(random.nextInt(corpus.size())), random);
        };
    }

    private static byte[] flipped(byte[] bytes, int at, RandomGenerator random) {
        if (bytes.length > 0) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /// Lengths, counts and numbers at the edge, in both orders of bytes.
    private static byte[] extreme(RandomGenerator random) {
        long[] values = {
            0,
            1,
            -1,
            0x7f,
            0x80,
            0xff,
            0x7fff,
            0xffff,
            0x10000,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            1 << 20
        };
        long value = values[random.nextInt(values.length)];
        int width = 1 << random.nextInt(4);
        boolean little = random.nextBoolean();
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[little ? i : (width - 1 - i)] = (byte) (value >> (8 * i));
        }
        return bytes;
    }

    private static byte[] some(RandomGenerator random) {
        byte[] bytes = new byte[1 + random.nextInt(32)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] overwritten(byte[] bytes, int at, byte[] with) {
        System.arraycopy(with, 0, bytes, at, Math.min(with.length, bytes.length - at));
        return bytes;
    }

    private static byte[] crossed(byte[] bytes, byte[] other, RandomGenerator random) {
        int cut = random.nextInt(Math.min(bytes.length, other.length) + 1);
        byte[] tail = Arrays.copyOfRange(other, cut, other.length);
        return spliced(bytes, cut, bytes.length, tail);
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] with) {
        int length = Math.min(INPUT_BYTES_MAX, bytes.length - (to - from) + with.length);
        byte[] out = new byte[bytes.length - (to - from) + with.length];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(with, 0, out, from, with.length);
        System.arraycopy(bytes, to, out, from + with.length, bytes.length - to);
        return Arrays.copyOf(out, length);
    }
}
