package dev.muster.chunkstore.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FrameCodecTest {
    private final FrameCodec codec = new FrameCodec();

    @AfterEach
    void close() {
        codec.close();
    }

    @Test
    void everyFrameLengthComesBack() throws Corrupt {
        for (int blocks = 1; blocks <= Frame.BLOCKS; blocks++) {
            ByteBuffer raw = text(blocks);

            Frame frame = codec.encode(raw);

            assertEquals(Frame.Codec.ZSTD, frame.codec());
            assertTrue(frame.length() < raw.remaining() / 2);
            assertEquals(raw, codec.decode(frame, raw.remaining()));
        }
    }

    @Test
    void whatDoesNotShrinkIsKeptRawAndShared() throws Corrupt {
        ByteBuffer noise = noise(32, 1);

        Frame frame = codec.encode(noise);
        ByteBuffer before =
                ByteBuffer.allocate(noise.remaining()).put(noise.duplicate()).flip();
        noise.put(0, (byte) ~noise.get(0));

        assertEquals(Frame.Codec.RAW, frame.codec());
        assertEquals(before, codec.decode(frame, Frame.RAW_BYTES), "the frame has bytes of its own");
    }

    @Test
    void aGainOfUnderSixPercentIsNotWorthIt() {
        // 30 blocks of noise and 2 of zeros gain a little more than 6 %, with 1 block of zeros a little less.
        ByteBuffer two = noise(32, 2);
        two.put(0, new byte[2 * Block.BYTES]);
        ByteBuffer one = noise(32, 3);
        one.put(0, new byte[Block.BYTES]);

        assertEquals(Frame.Codec.ZSTD, codec.encode(two).codec());
        assertEquals(Frame.Codec.RAW, codec.encode(one).codec());
    }

    @Test
    void directBuffersWorkLikeOthers() throws Corrupt {
        ByteBuffer raw =
                ByteBuffer.allocateDirect(Frame.RAW_BYTES).put(text(32)).flip();
        ChunkHeader header = ChunkHeader.hash(raw);
        ByteBuffer out = ByteBuffer.allocateDirect(Frame.RAW_BYTES);

        codec.decode(header, 0, codec.encode(raw), out);

        assertEquals(raw, out.flip());
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpacked() {
        byte[] bomb = Zstd.compress(new byte[64 << 20]);
        Frame frame = new Frame(Frame.Codec.ZSTD, ByteBuffer.wrap(bomb));

        Corrupt e = assertThrows(Corrupt.class, () -> codec.decode(frame, Frame.RAW_BYTES));

        assertEquals("zstd frame: expected 131072 bytes inside, found 67108864", e.getMessage());
    }

    @Test
    void aSecondFrameHiddenBehindTheFirstIsRefused() {
        byte[] one = Zstd.compress(new byte[Frame.RAW_BYTES]);
        ByteBuffer two = ByteBuffer.allocate(2 * one.length).put(one).put(one).flip();

        assertThrows(Corrupt.class, () -> codec.decode(new Frame(Frame.Codec.ZSTD, two), Frame.RAW_BYTES));
    }

    @Test
    void aFrameOfAnotherLengthIsRefused() {
        Frame zstd = codec.encode(text(2));
        Frame raw = codec.encode(noise(2, 4));

        assertThrows(Corrupt.class, () -> codec.decode(zstd, Block.BYTES));
        assertThrows(Corrupt.class, () -> codec.decode(zstd, 3 * Block.BYTES));
        assertThrows(Corrupt.class, () -> codec.decode(raw, Block.BYTES));
        assertThrows(Corrupt.class, () -> codec.decode(raw, 3 * Block.BYTES));
    }

    @Test
    void damagedFramesAreCorruptAndNothingElse() {
        long seed = 42;
        Random random = new Random(seed);
        ByteBuffer raw = text(8);
        ChunkHeader header = ChunkHeader.hash(raw);
        Frame good = codec.encode(raw);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[good.length()];
            good.view().get(bytes);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            int length = random.nextInt(4) == 0 ? 1 + random.nextInt(bytes.length) : bytes.length;
            Frame bad = new Frame(Frame.Codec.ZSTD, ByteBuffer.wrap(bytes, 0, length));
            try {
                ByteBuffer out = ByteBuffer.allocate(raw.remaining());
                codec.decode(header, 0, bad, out);
                assertEquals(raw, out.flip(), "verified bytes are the right ones; seed " + seed + " case " + i);
            } catch (Corrupt e) {
                assertTrue(e.toString().contains("chunk sha256:"), e.toString());
            }
        }
    }

    @Test
    void aWrongBlockIsNamedByChunkAndIndex() {
        ByteBuffer raw = text(70);
        ChunkHeader header = ChunkHeader.hash(raw);
        ByteBuffer other =
                ByteBuffer.allocate(raw.remaining()).put(raw.duplicate()).flip();
        other.put(67 * Block.BYTES + 5, (byte) 1);
        Chunk chunk = codec.encode(header, other);

        Corrupt e = assertThrows(Corrupt.class, () -> codec.decode(chunk));

        assertTrue(e.toString().contains("chunk " + header.id() + " block 67: expected "), e.toString());
    }

    @Test
    void manyThreadsShareOneCodec() throws InterruptedException, ExecutionException {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ByteBuffer raw = i % 2 == 0 ? text(100 + i) : noise(100 + i, i);
            work.add(
                    () -> codec.decode(codec.encode(ChunkHeader.hash(raw), raw)).equals(raw));
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> same : threads.invokeAll(work)) {
                assertTrue(same.get());
            }
        }
    }

    private static ByteBuffer text(int blocks) {
        ByteBuffer raw = ByteBuffer.allocate(blocks * Block.BYTES);
        for (int i = 0; raw.remaining() >= 8; i++) {
            raw.putLong(i * 7L % 1000);
        }
        return raw.flip();
    }

    private static ByteBuffer noise(int blocks, long seed) {
        byte[] bytes = new byte[blocks * Block.BYTES];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
