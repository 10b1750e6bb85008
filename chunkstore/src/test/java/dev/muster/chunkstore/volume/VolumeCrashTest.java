package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.Goal;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The power is cut at the n-th operation of store and target together, while the target is filled,
/// converted, and converted back. Whenever it is back, everything that was promised can be read, and in the
/// end the bytes are right.
@ExtendWith(Hushed.class)
final class VolumeCrashTest {
    /// What a store and its volumes say when their disk fails is not the news here.

    private static final Path TARGET = Path.of("/disk/target");
    private static final int SEEDS = Integer.getInteger("seeds", 20);
    private static final int FIRST_SEED = Integer.getInteger("seed", 1);

    @Test
    void noCrashLosesAnImageOrLeavesTheTargetOnItsWay() {
        live(FIRST_SEED, SEEDS);
    }

    @Test
    @Tag("long")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void noCrashInManyLivesLosesAnImageOrLeavesTheTargetOnItsWay() {
        live(1_000_000, 2_000);
    }

    private static void live(int firstSeed, int seeds) {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                int operations = new Life(seed).operations();
                new Life(seed).run(operations);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (replay with -Dseed=" + seed + " -Dseeds=1)", e);
            }
        }
    }

    /// A host through several power cuts, with one target, whose image changes from version to version and
    /// back.
    private static final class Life {
        private final SplittableRandom random;
        private final List<ImageFixture> versions;
        private final boolean device;
        private final int window;
        private final byte[] behind;
        /// The versions that the target becomes, one after the other.
        private final List<ImageFixture> course = new ArrayList<>();
        private final Set<ManifestId> installed = new HashSet<>();
        private FaultDisk disk = new FaultDisk(256 << 20);

        Life(int seed) throws IOException {
            this.random = new SplittableRandom(seed);
            this.versions = Versions.of(random, 2, random.nextInt(30, 150));
            this.device = random.nextInt(3) == 0;
            this.window = 4096 << random.nextInt(8);
            course.addAll(List.of(versions.getFirst(), versions.getLast(), versions.getFirst()));
            disk.makeDirectory(TARGET.getParent());
            int longest = versions.stream()
                    .mapToInt(image -> image.disk().limit())
                    .max()
                    .orElseThrow();
            this.behind = new byte[random.nextInt(1, 20) * 512];
            random.nextBytes(behind);
            if (device) {
                byte[] before = new byte[longest + behind.length];
                random.nextBytes(before);
                System.arraycopy(behind, 0, before, longest, behind.length);
                try (DiskFile file = disk.create(TARGET)) {
                    file.write(ByteBuffer.wrap(before), 0);
                    file.force();
                }
                disk.forceDirectory(TARGET.getParent());
            }
        }

        /// How many there are if the power stays.
        int operations() throws IOException {
            live();
            return disk.operations();
        }

        /// @param operations within how many the power goes for the first time
        void run(int operations) throws IOException {
            int cuts = random.nextInt(1, 6);
            for (int cut = 0; cut < cuts; cut++) {
                disk.cutAt(disk.operations() + 1 + random.nextInt(cut == 0 ? operations : operations / 3));
                try {
                    live();
                } catch (IOException e) {
                    assertTrue(e.toString().contains("no power"), e.toString());
                }
                // A process that is killed leaves behind what is in memory, and it is not durable for all that.
                disk = random.nextInt(3) == 0
                        ? disk.cutAt(Integer.MAX_VALUE)
                        : disk.cutAt(Integer.MAX_VALUE).afterPowerCut(random);
            }
            live();
            assertEquals(List.of(), course);
            try (VolumeHost host = open()) {
                check(host);
                ImageFixture last = versions.getFirst();
                VolumeHost.assertHolds(disk, TARGET, last);
                Whole whole = (Whole) host.volume(TARGET).state();
                assertEquals(last.manifest().id(), whole.current());
            }
            checkBehind();
        }

        /// Goes on where the host was when the power went.
        private void live() throws IOException {
            try (VolumeHost host = open()) {
                check(host);
            }
            while (!course.isEmpty()) {
                try (VolumeHost host = open()) {
                    check(host);
                    step(host, course.getFirst());
                    check(host);
                }
                course.removeFirst();
            }
        }

        private void step(VolumeHost host, ImageFixture next) throws IOException {
            Optional<Volume> volume = host.volumes().volume(TARGET);
            boolean wasWhole = volume.isPresent() && !(volume.get().state() instanceof Volume.Filling);
            if (installed.contains(next.manifest().id())) {
                assertEquals(0, host.fetch(next), "what is installed is not fetched");
            }
            if (!wasWhole) {
                // Some of it may be in the store before.
                for (ChunkId id : next.chunkIds()
                        .subList(0, random.nextInt(next.chunkIds().size() + 1))) {
                    if (!host.store().has(id)) {
                        host.store().put(VolumeHost.chunk(next, id));
                    }
                }
                host.fill(TARGET, next);
            } else {
                host.fetch(next);
                host.convert(TARGET, next, Undo.KEEP);
            }
            VolumeHost.assertHolds(disk, TARGET, next);
        }

        private VolumeHost open() throws IOException {
            return VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(device), window);
        }

        /// What a volume relies on stays, and what nobody relies on any more goes.
        private void collect(VolumeHost host) throws IOException {
            List<ManifestId> kept = host.volumes().volumes().stream()
                    .flatMap(volume -> volume.state().manifests().stream())
                    .toList();
            if (random.nextBoolean() && kept.containsAll(host.store().installed())) {
                host.store().collect(Goal.ALL, Progress.NONE);
            }
        }

        private void check(VolumeHost host) throws IOException {
            collect(host);
            checkTarget(host);
            assertTrue(host.store().installed().containsAll(installed), "an installed image is lost");
            installed.addAll(host.store().installed());
            for (ImageFixture image : versions) {
                if (installed.contains(image.manifest().id())) {
                    host.assertWhole(image);
                } else {
                    for (ChunkId id : image.chunkIds()) {
                        if (host.store().has(id)) {
                            host.assertRight(image, id);
                        }
                    }
                }
            }
        }

        /// A target that is whole by what is known for good holds its image, and nothing more.
        private void checkTarget(VolumeHost host) throws IOException {
            Optional<Volume> volume = host.volumes().volume(TARGET);
            if (volume.isPresent() && volume.get().state() instanceof Whole whole) {
                ImageFixture image = versions.stream()
                        .filter(version -> version.manifest().id().equals(whole.current()))
                        .findFirst()
                        .orElseThrow();
                VolumeHost.assertHolds(disk, TARGET, image);
                try (DiskFile file = disk.open(TARGET)) {
                    assertTrue(device || file.size() == image.disk().limit(), "length " + file.size());
                }
            }
        }

        private void checkBehind() throws IOException {
            if (device) {
                byte[] all = disk.read(TARGET, Integer.MAX_VALUE - 8);
                assertArrayEquals(behind, Arrays.copyOfRange(all, all.length - behind.length, all.length));
            }
        }
    }
}
