package dev.muster.protocol.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// One parser of outside bytes under fire. It may refuse by an [IOException]; whatever else it throws, and every
/// megabyte that it takes beyond its allowance, is a finding, which is told as the bytes that cause it.
///
/// It is fed with what our own encoders make, so that this never goes stale, with what is kept from before, and with
/// mutations of both. What is kept is the file `fuzz/TARGET` among the test's resources, one input in hexadecimal on
/// each line: the findings of the past, and inputs that reach more of the parser than others.
///
/// With the system property `muster.fuzz.seconds` a [Campaign] goes on for so long instead, and `muster.fuzz.target`
/// chooses one target.
public final class Fuzzing {
    private static final int RUNS = 3000;
    private static final int SLOW_RUNS = 200;
    private static final int INPUT_BYTES_MAX = 1 << 20;
    private static final int MUTATIONS_MAX = 6;
    private static final long ALLOCATED_BYTES_MAX = 16L << 20;
    private static final long SEED = 20;

    private final String target;
    private final List<byte[]> seeds;
    private final Parser parser;
    private final Effort effort;

    /// @param allowance what the parser may take for one input, in bytes
    /// @param runs mutations in each build
    private record Effort(long allowance, int runs) {}

    /// What is fuzzed.
    @FunctionalInterface
    public interface Parser {
        void parse(byte[] bytes) throws IOException;
    }

    private Fuzzing(String target, List<byte[]> seeds, Parser parser, Effort effort) {
        this.target = target;
        this.seeds = List.copyOf(seeds);
        this.parser = parser;
        this.effort = effort;
    }

    /// @param target a name that no other has, in any module
    /// @param seeds good inputs
    public static Fuzzing of(String target, List<byte[]> seeds, Parser parser) {
        return new Fuzzing(target, seeds, parser, new Effort(ALLOCATED_BYTES_MAX, RUNS));
    }

    /// Lets the parser take so many bytes for one input, which is 16 MiB else.
    public Fuzzing allowing(long bytes) {
        return new Fuzzing(target, seeds, parser, new Effort(bytes, effort.runs));
    }

    /// Is fed less in each build, as it does more than to parse.
    public Fuzzing slow() {
        return new Fuzzing(target, seeds, parser, new Effort(effort.allowance, SLOW_RUNS));
    }

    String target() {
        return target;
    }

    List<byte[]> seeds() {
        return seeds;
    }

    /// What was kept from before.
    ///
    /// @param test among whose resources it is
    List<byte[]> kept(Class<?> test) {
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

    /// All inputs that there are, and the same mutations each time.
    void run(Class<?> test) {
        List<byte[]> corpus = new ArrayList<>(seeds);
        corpus.addAll(kept(test));
        corpus.forEach(this::feed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        for (int i = 0; i < effort.runs; i++) {
            feed(mutated(corpus, random));
        }
    }

    /// @throws AssertionError that tells of a finding
    void feed(byte[] input) {
        long most = effort.allowance + 16L * input.length;
        long taken = allocatedFor(input);
        if (taken > most) {
            // Classes that are loaded on the way count once, and are not the parser's.
            taken = allocatedFor(input);
        }
        if (taken > most) {
            throw new AssertionError(finding("took " + taken + " bytes", input));
        }
    }

    private long allocatedFor(byte[] input) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        try {
            parser.parse(input.clone());
        } catch (IOException _) {
            // Refused, as it should be.
        } catch (RuntimeException | Error e) {
            throw new AssertionError(finding("threw " + e, input), e);
        }
        return memory.getCurrentThreadAllocatedBytes() - before;
    }

    private String finding(String what, byte[] input) {
        return target + ": the parser " + what + " for\n" + HexFormat.of().formatHex(input);
    }

    private static byte[] mutated(List<byte[]> corpus, RandomGenerator random) {
        byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
        int mutations = 1 + random.nextInt(MUTATIONS_MAX);
        for (int i = 0; i < mutations; i++) {
            bytes = mutated(bytes, corpus, random);
        }
        return bytes;
    }

    private static byte[] mutated(byte[] bytes, List<byte[]> corpus, RandomGenerator random) {
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
