package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.Checksum;
import dev.muster.chunkstore.volume.Volume.Converting;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.chunkstore.volume.Volume.Releasing;
import dev.muster.chunkstore.volume.Volume.State;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The bytes of every format, as another program made them from the text in the package's documentation.
final class VolumeFormatsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final Path TARGET = Path.of("/dev/vdb");
    private static final String HEAD = "4d535452564f4c4d" + "0100" + "0000" + "0800" + "2f6465762f766462";
    private static final String A = "aa".repeat(32);
    private static final String B = "bb".repeat(32);
    private static final String C = "cc".repeat(32);
    private static final ManifestId ONE = new ManifestId(Hash.parse(A));
    private static final ManifestId TWO = new ManifestId(Hash.parse(B));
    private static final ChunkId SPILLED = new ChunkId(Hash.parse(C));

    @Test
    void volumes() throws IOException {
        assertVolume("0101" + A + "00000000" + "68cc91dc", new Filling(ONE), List.of());
        assertVolume("0201" + A + "00000000" + "082c0118", new Whole(ONE, Optional.empty()), List.of());
        assertVolume("0202" + A + B + "01000000" + C + "f0d2bbc0", new Whole(ONE, Optional.of(TWO)), List.of(SPILLED));
        assertVolume(
                "0302" + A + B + "01000000" + C + "eefc5e11", new Converting(ONE, TWO, Undo.KEEP), List.of(SPILLED));
        assertVolume("0402" + A + B + "00000000" + "0ed24a49", new Converting(ONE, TWO, Undo.GIVE_UP), List.of());
        assertVolume("0502" + A + B + "00000000" + "74aed047", new Releasing(List.of(ONE, TWO)), List.of());
    }

    @Test
    void aVolumeIsInAFileNamedForItsTarget() throws IOException {
        FaultDisk disk = new FaultDisk(1 << 20);
        Path directory = Path.of("/store/volumes");
        VolumeFiles files = VolumeFiles.open(disk, directory);
        Volume volume = new Volume(TARGET, new Filling(ONE), List.of());

        files.put(volume);
        disk.create(directory.resolve("x~part"));
        files = VolumeFiles.open(disk, directory);

        assertEquals(List.of("0a73a3a2f87fed6a.volume"), disk.list(directory));
        assertEquals(List.of(volume), files.all(e -> assertEquals("", e.getMessage())));
        files.delete(TARGET);
        assertEquals(List.of(), files.all(e -> assertEquals("", e.getMessage())));
    }

    @Test
    void stash() throws IOException {
        FaultDisk disk = new FaultDisk(1 << 20);
        Path path = Path.of("/stash");
        LinkedHashMap<Hash, ByteBuffer> blocks = new LinkedHashMap<>();
        for (int fill = 1; fill <= 2; fill++) {
            byte[] block = new byte[Block.BYTES];
            Arrays.fill(block, (byte) fill);
            blocks.put(Hash.of(block), ByteBuffer.wrap(block));
        }
        assertTrue(Stash.open(disk, path).isEmpty());

        Stash.replace(disk, path, blocks).close();

        byte[] file = disk.read(path, 1 << 20);
        String head = "4d53545253545348" + "0100" + "0000" + "02000000" // magic, version 1, 0, 2 blocks
                + "3431383721510cf1c211de027cf958c183e16db5fabb6b230eb284c85e196aa9"
                + "30d6bc164ea54188aa9df0c14f20c4fbc8a155c5644bcc9ef9eb05901cb07d70"
                + "67730023";
        assertEquals(head, HEX.formatHex(file, 0, 84));
        assertEquals(
                "sha256:fdccc81991022574023caef148b2aa10e1845c2fa63f24a506e681acb9c15040",
                Hash.of(file).toString());
        try (Stash stash = Stash.open(disk, path).orElseThrow()) {
            assertEquals(blocks.keySet(), stash.hashes());
            for (var block : blocks.entrySet()) {
                ByteBuffer found = ByteBuffer.allocate(Block.BYTES);
                assertTrue(stash.read(block.getKey(), found));
                assertEquals(block.getValue(), found.flip());
            }
            assertFalse(stash.read(Block.ZERO, ByteBuffer.allocate(Block.BYTES)));
        }
        for (int bit = 0; bit < 84 * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            disk.replace(path, damaged);
            assertThrows(IOException.class, () -> Stash.open(disk, path), "bit " + bit);
        }
    }

    @Test
    void aTargetThatCannotBeCalledSoHereIsNotTakenForDamage() {
        byte[] file = VolumeFiles.encode(new Volume(TARGET, new Releasing(List.of()), List.of()));
        file[14] = 0;
        byte[] renamed = Checksum.append(new ByteWriter(file.length).bytes(Arrays.copyOf(file, file.length - 4)));

        assertThrows(StoreRefused.class, () -> VolumeFiles.decode("volume", renamed));
    }

    private static void assertVolume(String hex, State state, List<ChunkId> spill) throws IOException {
        Volume volume = new Volume(TARGET, state, spill);
        byte[] file = VolumeFiles.encode(volume);
        assertEquals(HEAD + hex, HEX.formatHex(file));
        assertEquals(volume, VolumeFiles.decode("0a73a3a2f87fed6a.volume", file));
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(Corrupt.class, () -> VolumeFiles.decode("volume", damaged), "bit " + bit);
        }
    }
}
