package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that keeps blocks as they are, so that they can be cloned.
final class RawSegmentsTest {
    @TempDir
    private Path dir;

    private final RandomImage image = RandomImage.ofBlocks(new SplittableRandom(31), 3000, 256);
    private final List<ChunkId> ids = image.chunks().stream().map(Chunk::id).toList();
    private final FrameCodec codec = new FrameCodec();

    @AfterEach
    void close() {
        codec.close();
    }

    @Test
    void blocksLiePlainWhereTheStoreSays() throws IOException {
        try (SegmentStore store = open(StoreSettings.Payload.RAW)) {
            image.installInto(store);
            for (int i = 0; i < ids.size(); i++) {
                Chunk chunk = image.chunks().get(i);
                Presence.Plain place = assertInstanceOf(
                        Presence.Plain.class, store.presence(ids).get(i));

                assertEquals(0, place.offset() % Block.BYTES);
                assertEquals(codec.decode(chunk), read(place, chunk.header().rawBytes()));
            }
        }
    }

    @Test
    void aChunkComesBackInRawFramesUnderTheSameName() throws IOException {
        try (SegmentStore store = open(StoreSettings.Payload.RAW)) {
            image.installInto(store);
            for (Chunk chunk : image.chunks()) {
                Chunk found = store.chunk(chunk.id()).orElseThrow();

                assertEquals(chunk.header(), found.header());
                assertTrue(found.frames().stream().allMatch(frame -> frame.codec() == Frame.Codec.RAW));
                assertEquals(codec.decode(chunk), codec.decode(found));
            }
        }
    }

    @Test
    void whatWasStoredUnderOtherSettingsIsReadStill() throws IOException {
        Chunk packed = image.chunks().stream()
                .filter(chunk -> chunk.wireBytes() < chunk.header().rawBytes())
                .findFirst()
                .orElseThrow();
        try (SegmentStore store = open(StoreSettings.Payload.ZSTD)) {
            store.put(packed);
        }
        try (SegmentStore store = open(StoreSettings.Payload.RAW)) {
            image.installInto(store);

            assertEquals(List.of(Presence.FRAMES), store.presence(List.of(packed.id())));
            assertEquals(packed, store.chunk(packed.id()).orElseThrow());
        }
        try (SegmentStore store = open(StoreSettings.Payload.ZSTD)) {
            assertEquals(Collections.nCopies(ids.size(), Presence.FRAMES), store.presence(ids));
        }
    }

    @Test
    void aChunkThatIsWrongIsNotStored() throws IOException {
        Chunk wrong = RandomImage.damaged(image.chunks().getFirst(), 0);
        try (SegmentStore store = open(StoreSettings.Payload.RAW)) {
            assertThrows(Corrupt.class, () -> store.put(wrong));
            assertFalse(store.has(wrong.id()));
            assertEquals(List.of(Presence.ABSENT), store.presence(List.of(wrong.id())));
        }
    }

    private static ByteBuffer read(Presence.Plain place, int bytes) throws IOException {
        ByteBuffer blocks = ByteBuffer.allocate(bytes);
        try (FileChannel file = FileChannel.open(place.file(), StandardOpenOption.READ)) {
            assertEquals(bytes, file.read(blocks, place.offset()));
        }
        return blocks.flip();
    }

    private SegmentStore open(StoreSettings.Payload payload) throws IOException {
        return SegmentStore.open(
                dir.resolve("store"),
                dir.resolve("run"),
                StoreSettings.defaults().withPayload(payload),
                codec);
    }
}
