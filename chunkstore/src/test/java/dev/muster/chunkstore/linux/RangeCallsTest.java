package dev.muster.chunkstore.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is done leaves the bytes that it says; what is not done leaves all as it was.
final class RangeCallsTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path dir;

    private final byte[] noise = new byte[BYTES];

    RangeCallsTest() {
        new SplittableRandom(1).nextBytes(noise);
    }

    @Test
    void punchedAndZeroedBytesAreZerosAndOthersStay() throws IOException {
        byte[] expected = noise.clone();
        Arrays.fill(expected, 4096, 12288, (byte) 0);
        for (RangeCalls calls : new RangeCalls[] {RangeCalls.LINUX, RangeCalls.NONE}) {
            Path file = Files.write(dir.resolve("file"), noise);
            try (LinuxFile open = LinuxFile.open(file)) {
                boolean punched = calls.punch(open, 4096, 8192);
                assertArrayEquals(punched ? expected : noise, Files.readAllBytes(file));
                boolean zeroed = calls.zero(open, 4096, 8192);
                assertArrayEquals(punched || zeroed ? expected : noise, Files.readAllBytes(file));
                assertFalse(calls.equals(RangeCalls.NONE) && (punched || zeroed));
            }
        }
    }

    @Test
    void adviceAndWritingBackChangeNothing() throws IOException {
        for (RangeCalls calls : new RangeCalls[] {RangeCalls.LINUX, RangeCalls.NONE}) {
            Path file = Files.write(dir.resolve("file"), noise);
            try (LinuxFile open = LinuxFile.open(file)) {
                boolean written = calls.writeBack(open, 0, BYTES);
                boolean forgotten = calls.forget(open, 0, 0);
                assertTrue(calls.equals(RangeCalls.LINUX) || !(written || forgotten));
            }
            assertArrayEquals(noise, Files.readAllBytes(file));
        }
    }

    @Test
    void aHoleIsNeverLongerThanItIs() throws IOException {
        Path file = dir.resolve("file");
        try (LinuxFile open = LinuxFile.openOrCreate(file)) {
            open.allocate(BYTES, false);
            ByteBuffer block = ByteBuffer.allocateDirect(4096).put(0, (byte) 1);
            assertEquals(4096, open.write(block, 8L * 4096));
            for (RangeCalls calls : new RangeCalls[] {RangeCalls.LINUX, RangeCalls.NONE}) {
                assertTrue(calls.holeBytes(open, 0) <= 8 * 4096);
                assertEquals(0, calls.holeBytes(open, 8 * 4096));
                assertEquals(0, calls.holeBytes(open, 8 * 4096 + 1));
            }
            assertEquals(Long.MAX_VALUE, RangeCalls.LINUX.holeBytes(open, BYTES), "there is nothing behind the end");
            assertEquals(0, RangeCalls.NONE.holeBytes(open, BYTES));
        }
    }

    @Test
    void whatCannotBeSharedIsLeftAlone() throws IOException {
        Path from = Files.write(dir.resolve("from"), noise);
        Path to = Files.write(dir.resolve("to"), new byte[BYTES]);
        try (LinuxFile source = LinuxFile.openToRead(from);
                LinuxFile target = LinuxFile.open(to)) {
            assertFalse(RangeCalls.LINUX.share(source, 1, 4096, target, 0), "not aligned");
            assertFalse(RangeCalls.NONE.share(source, 0, 4096, target, 0));
            assertThrows(IllegalArgumentException.class, () -> RangeCalls.LINUX.share(source, 0, 0, target, 0));
        }
        assertArrayEquals(new byte[BYTES], Files.readAllBytes(to));
    }

    @Test
    void whatFailsIsNoMereRefusal() throws IOException {
        Path file = Files.write(dir.resolve("file"), noise);
        try (LinuxFile readOnly = LinuxFile.openToRead(file)) {
            LinuxException e = assertThrows(LinuxException.class, () -> RangeCalls.LINUX.punch(readOnly, 0, 4096));
            assertEquals(9, e.errno(), "EBADF: not open for writing");
            assertFalse(e.isUnsupported());
        }
    }

    @Test
    void readingAndWritingAroundThePageCacheMovesTheSameBytes() throws IOException {
        Path file = Files.write(dir.resolve("file"), noise);
        ByteBuffer block =
                ByteBuffer.allocateDirect(2 * 4096).alignedSlice(4096).slice(0, 4096);
        try (LinuxFile direct = LinuxFile.openDirect(file, true)) {
            assertEquals(4096, direct.read(block, 4096));
            assertEquals(ByteBuffer.wrap(noise, 4096, 4096), block.flip());
            assertEquals(4096, direct.write(block, 0));
            assertEquals(0, direct.read(block.clear(), BYTES), "the end");
            assertThrows(IllegalArgumentException.class, () -> direct.read(ByteBuffer.allocate(4096), 0));
        }
        byte[] expected = noise.clone();
        System.arraycopy(noise, 4096, expected, 0, 4096);
        assertArrayEquals(expected, Files.readAllBytes(file));
    }
}
