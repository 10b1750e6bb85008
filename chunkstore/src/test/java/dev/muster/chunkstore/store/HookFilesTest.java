package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HookFilesTest {
    private static final Path HOOKS = Path.of("/store/hooks");

    private final FaultDisk disk = new FaultDisk(1 << 20);
    private final MemoryChunkStore chunks = new MemoryChunkStore();
    private final ImageFixture image = ImageFixture.seeded(new SplittableRandom(1), 1000);
    private int asked;

    @Test
    void theHooksOfAnImageAreThoseOfItsChunks() throws IOException {
        long[] hooks = files().of(keep(image));

        long[] expected = image.chunkIds().stream()
                .map(id -> image.chunk(id).header())
                .flatMap(header -> IntStream.range(0, header.blocks()).mapToObj(header::block))
                .filter(Block::isHook)
                .mapToLong(Hash::a)
                .sorted()
                .distinct()
                .toArray();
        assertArrayEquals(expected, hooks);
        assertTrue(hooks.length > 10);
    }

    @Test
    void theyAreComputedOnce() throws IOException {
        ManifestId id = keep(image);
        long[] first = files().of(id);

        assertArrayEquals(first, files().of(id));

        assertEquals(1, asked);
        assertEquals(List.of(id.hash().hex()), disk.list(HOOKS));
    }

    @Seeded
    void aDamagedFileIsComputedAgain(RandomGenerator random) throws IOException {
        ManifestId id = keep(image);
        long[] first = files().of(id);
        Path file = HOOKS.resolve(id.hash().hex());
        byte[] bytes = disk.read(file, 1 << 20);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        byte[] damaged = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
        disk.replace(file, damaged);

        assertArrayEquals(first, files().of(id));
        assertArrayEquals(first, files().of(id));

        assertEquals(2, asked);
    }

    @Test
    void aFileUnderAnotherImagesNameIsComputedAgain() throws IOException {
        ManifestId one = keep(image);
        ManifestId two = keep(image.next(new SplittableRandom(2), 30));
        long[] hooks = files().of(two);
        files().of(one);
        disk.rename(HOOKS.resolve(one.hash().hex()), HOOKS.resolve(two.hash().hex()));

        assertArrayEquals(hooks, files().of(two));
    }

    @Test
    void whatLacksAHeaderIsNotKept() throws IOException {
        ManifestId id = keep(image);
        Chunk lost = image.chunk(image.chunkIds().getFirst());
        chunks.remove(lost.id());

        long[] some = files().of(id);
        chunks.put(lost);
        long[] all = files().of(id);

        assertTrue(some.length < all.length);
        assertEquals(2, asked);
    }

    @Test
    void aFullDiskCostsTimeAndNothingElse() throws IOException {
        ManifestId id = keep(image);
        HookFiles full = new HookFiles(new FaultDisk(100), HOOKS, chunks, this::manifest);

        assertArrayEquals(files().of(id), full.of(id));
        assertArrayEquals(files().of(id), full.of(id));
        assertEquals(3, asked);
    }

    @Test
    void filesOfImagesThatAreGoneAreDeleted() throws IOException {
        ManifestId one = keep(image);
        ManifestId two = keep(image.next(new SplittableRandom(2), 30));
        files().keepOnly(List.of());
        files().of(one);
        files().of(two);
        disk.create(HOOKS.resolve(two.hash().hex() + "~part")).close();

        files().keepOnly(List.of(two));

        assertEquals(List.of(two.hash().hex()), disk.list(HOOKS));
    }

    @Test
    void anImageThatCannotBeReadHasNone() {
        assertThrows(Unknown.class, () -> files().of(image.manifest().id()));
        assertFalse(disk.exists(HOOKS));
    }

    @Test
    void theFormatIsWhatItsDocumentationSays() throws Corrupt {
        ManifestId id = new ManifestId(new Hash(1, 2, 3, 4));
        long[] hooks = {-2, 0x0102030405060708L};

        byte[] bytes = HookFiles.encode(id, hooks);

        assertEquals(
                "4d535452484f4f4b" + "0100" + "0000"
                        + "0000000000000001000000000000000200000000000000030000000000000004"
                        + "02000000" + "fffffffffffffffe" + "0102030405060708",
                HexFormat.of().formatHex(bytes, 0, bytes.length - 4));
        assertTrue(Checksum.isRight(ByteBuffer.wrap(bytes)));
        assertArrayEquals(hooks, HookFiles.decode(id, bytes));
    }

    private ManifestId keep(ImageFixture some) {
        some.chunkIds().forEach(id -> chunks.put(some.chunk(id)));
        some.encoded().pages().values().forEach(chunks::putPage);
        chunks.putHead(some.manifest().head().encode());
        return some.manifest().id();
    }

    private HookFiles files() {
        return new HookFiles(disk, HOOKS, chunks, this::manifest);
    }

    private Manifest manifest(ManifestId id) throws IOException {
        asked++;
        return chunks.manifest(id);
    }
}
