package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.codec.FrameCodec;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The power is cut at every kind of moment, and what was promised is still true: while chunks are put, images
/// installed, names changed, leases taken and ended, and while a collection condemns, punches and deletes.
///
/// A failure names seed and operation, and happens again with `-Dseed=7 -Dcut=123`, or `-Dseed=7` where the power
/// went several times.
@ExtendWith(Hushed.class)
final class StoreCrashTest {
    /// What a store says when its disk fails is not the news here.

    private static final int SEED = Integer.getInteger("seed", 0);
    private static final int CUT = Integer.getInteger("cut", 0);
    private static final int STEPS = 80;

    private final FrameCodec codec = new FrameCodec();

    @AfterEach
    void speak() {
        codec.close();
    }

    @Test
    void noPowerCutAtAnyOperationBreaksAPromise() throws IOException {
        if (CUT > 0) {
            cutOnce(SEED, StoreLife.images(SEED), CUT);
        } else {
            cutEverywhere(1, 2, 40);
        }
    }

    @Test
    @Tag("long")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void noPowerCutAtAnyOperationOfManyLivesBreaksAPromise() throws IOException {
        cutEverywhere(100, 10, 200);
    }

    @Test
    void noPowerCutsOneAfterAnotherBreakAPromise() {
        if (SEED > 0) {
            cutAgainAndAgain(SEED, 1);
        } else {
            cutAgainAndAgain(1, 30);
        }
    }

    @Test
    @Tag("long")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void noPowerCutsInManyLivesBreakAPromise() {
        cutAgainAndAgain(1_000_000, 2_000);
    }

    @Test
    void aSeedAlwaysGivesTheSameOperations() throws IOException {
        List<RandomImage> images = StoreLife.images(5);
        assertEquals(operations(5, images), operations(5, images));
    }

    /// @param cuts how many operations of each life to cut the power at, evenly spread
    private void cutEverywhere(int firstSeed, int seeds, int cuts) throws IOException {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            List<RandomImage> images = StoreLife.images(seed);
            int operations = operations(seed, images);
            for (int i = 1; i <= cuts; i++) {
                cutOnce(seed, images, Math.ceilDiv(operations * i, cuts));
            }
        }
    }

    private void cutOnce(int seed, List<RandomImage> images, int cut) {
        StoreLife life = new StoreLife(seed, images, codec);
        try {
            life.disk().cutAt(cut);
            endsWithoutPower(life, STEPS);
            life.crash(new SplittableRandom(cut));
            life.checkAfterwards();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("replay with -Dseed=" + seed + " -Dcut=" + cut, e);
        }
    }

    private void cutAgainAndAgain(int firstSeed, int seeds) {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            SplittableRandom random = new SplittableRandom(-seed);
            StoreLife life = new StoreLife(seed, StoreLife.images(seed), codec);
            try {
                for (int cuts = 0; cuts < 6; cuts++) {
                    int steps = random.nextInt(cuts == 0 ? 250 : random.nextInt(5, 100));
                    life.disk().cutAt(life.disk().operations() + 1 + steps);
                    endsWithoutPower(life, STEPS);
                    life.crash(random);
                }
                life.checkAfterwards();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dseed=" + seed, e);
            }
        }
    }

    private static void endsWithoutPower(StoreLife life, int steps) {
        try {
            life.live(steps);
        } catch (IOException e) {
            assertTrue(e.toString().contains("no power"), e.toString());
        }
    }

    private int operations(int seed, List<RandomImage> images) throws IOException {
        StoreLife life = new StoreLife(seed, images, codec);
        life.live(STEPS);
        return life.disk().operations();
    }
}
