package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A few images that a store holds, and what should be read of them.
final class StoredImages {
    static final Path ROOT = Path.of("/store");

    /// Nothing is committed but by a flush; segments are small.
    static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1 << 20);

    /// For stores in tests that keep none of their own.
    static final FrameCodec CODEC = new FrameCodec();

    private final List<RandomImage> images = new ArrayList<>();
    private final Map<ChunkId, Chunk> chunks = new HashMap<>();
    private final Map<Hash, byte[]> files = new HashMap<>();

    StoredImages(RandomGenerator random, int count, int blocksEach) {
        for (int i = 0; i < count; i++) {
            RandomImage image = RandomImage.ofBlocks(random, blocksEach, 60);
            images.add(image);
            image.chunks().forEach(chunk -> chunks.put(chunk.id(), chunk));
            files.put(image.manifest().id().hash(), image.manifest().head().encode());
            files.putAll(image.pages());
        }
    }

    List<RandomImage> images() {
        return images;
    }

    Map<ChunkId, Chunk> chunks() {
        return chunks;
    }

    List<ManifestId> manifests() {
        return images.stream().map(image -> image.manifest().id()).sorted().toList();
    }

    static SegmentStore open(Disk disk) throws IOException {
        return SegmentStore.open(StoreDirectory.open(disk, ROOT), SETTINGS, CODEC, () -> {});
    }

    /// Lets a bit of a file rot.
    static void flip(Disk disk, Path path, long bit) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        try (DiskFile file = disk.open(path)) {
            file.read(one, bit / Byte.SIZE);
            one.put(0, (byte) (one.get(0) ^ (1 << bit % Byte.SIZE)));
            file.write(one.flip(), bit / Byte.SIZE);
            file.force();
        }
    }

    /// Whoever has everything that the store should have.
    Repair peerOf(SegmentStore store) {
        return new Repair() {
            @Override
            public boolean chunk(ChunkId id) throws IOException {
                store.put(chunks.get(id));
                return true;
            }

            @Override
            public boolean manifestFile(Hash hash) throws IOException {
                byte[] bytes = files.get(hash);
                if (bytes == null) {
                    return false;
                }
                if (images.stream()
                        .anyMatch(image -> image.manifest().id().hash().equals(hash))) {
                    store.putHead(bytes);
                } else {
                    store.putPage(bytes);
                }
                return true;
            }
        };
    }

    /// What cannot be read, by name; whatever can be read is what was put.
    List<String> readAll(SegmentStore store) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Chunk chunk : chunks.values()) {
            try {
                Optional<Chunk> found = store.chunk(chunk.id());
                if (found.isPresent()) {
                    assertEquals(chunk, found.get());
                } else {
                    missing.add("no chunk " + chunk.id());
                }
            } catch (Corrupt e) {
                missing.add(e.getMessage());
            }
        }
        for (Map.Entry<Hash, byte[]> file : files.entrySet()) {
            try {
                assertArrayEquals(file.getValue(), read(store, file.getKey()));
            } catch (Corrupt | Unknown e) {
                missing.add(e.getMessage());
            }
        }
        return missing;
    }

    private byte[] read(SegmentStore store, Hash hash) throws IOException {
        for (RandomImage image : images) {
            if (image.manifest().id().hash().equals(hash)) {
                return store.head(image.manifest().id()).orElseThrow(() -> new Unknown("no head " + hash));
            }
        }
        return store.page(hash);
    }
}
