package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.disk.ObservedDisk;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A target that was being filled and is let go: what was on its way to it must not stay in the store.
final class FillReleaseTest {
    private static final Path TARGET = Path.of("/disk/target");

    private final ImageFixture image = ImageFixture.seeded(new SplittableRandom(12), 200);
    private final FaultDisk disk = new FaultDisk(256 << 20);
    private final AtomicReference<Runnable> onAppend = new AtomicReference<>(() -> {});
    private final VolumeHost host;

    FillReleaseTest() throws IOException {
        disk.makeDirectory(TARGET.getParent());
        ObservedDisk observed = new ObservedDisk(disk, (operation, file) -> {
            if (operation.equals("write") && file.toString().endsWith(".seg")) {
                onAppend.getAndSet(() -> {}).run();
            }
        });
        host = VolumeHost.open(observed, VolumeHost.ROOT, VolumeHost.targets(false), 16 * Block.BYTES);
        host.putManifest(image);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    @Test
    void aTargetIsLetGoAfterAChunkThatTheStoreHadNoRoomFor() throws IOException {
        try (Fill _ = host.volumes().fill(TARGET, image.manifest(), host.store(), Progress.NONE)) {
            disk.failAll("create");
            assertThrows(StoreRefused.class, () -> put(0));
            disk.failAll("");
        }
        host.volumes().release(TARGET);

        put(0);
        host.store().flush();
        host.assertRight(image, image.chunkIds().getFirst());
    }

    @Test
    void aTargetIsLetGoAfterWhatIsOnItsWayToIt() throws Exception {
        put(0);
        ChunkId late = image.chunkIds().get(1);
        Fill fill = host.volumes().fill(TARGET, image.manifest(), host.store(), Progress.NONE);
        AtomicReference<Optional<IOException>> failure = new AtomicReference<>(Optional.empty());
        Thread letsGo = Thread.ofPlatform().unstarted(() -> {
            try {
                fill.close();
                host.volumes().release(TARGET);
            } catch (IOException e) {
                failure.set(Optional.of(e));
            }
        });
        onAppend.set(() -> {
            letsGo.start();
            while (letsGo.isAlive() && letsGo.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        });

        put(1);
        letsGo.join();

        assertEquals(Optional.empty(), failure.get());
        assertTrue(host.volumes().volumes().isEmpty());
        assertFalse(host.store().has(late), "it lay on the target alone");
        host.store().flush();
    }

    private void put(int index) throws IOException {
        host.store().put(VolumeHost.chunk(image, image.chunkIds().get(index)));
    }
}
