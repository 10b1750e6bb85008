package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.image.MemoryImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.chunkstore.pack.Windows.Window;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WindowsTest {

    @Test
    void dataIsCutAtMultiplesOfAMebibyte() throws IOException {
        List<Window> windows = walk(image(
                600 * 4096L,
                new Run(0, 10 * 4096L, Run.Kind.HOLE),
                new Run(10 * 4096L, 580 * 4096L, Run.Kind.DATA),
                new Run(590 * 4096L, 10 * 4096L, Run.Kind.ZERO)));

        assertEquals(
                List.of(
                        new Window(0, 10, Run.Kind.HOLE),
                        new Window(10, 246, Run.Kind.DATA),
                        new Window(256, 256, Run.Kind.DATA),
                        new Window(512, 78, Run.Kind.DATA),
                        new Window(590, 10, Run.Kind.ZERO)),
                windows);
    }

    @Test
    void aBlockThatIsPartlyDataIsData() throws IOException {
        List<Window> windows = walk(image(
                10 * 4096L,
                new Run(0, 4096 + 512, Run.Kind.ZERO),
                new Run(4096 + 512, 512, Run.Kind.DATA),
                new Run(4096 + 1024, 6 * 4096L - 1024, Run.Kind.HOLE),
                new Run(7 * 4096L, 512, Run.Kind.ZERO),
                new Run(7 * 4096L + 512, 3 * 4096L - 512, Run.Kind.HOLE)));

        assertEquals(
                List.of(
                        new Window(0, 1, Run.Kind.ZERO),
                        new Window(1, 1, Run.Kind.DATA),
                        new Window(2, 5, Run.Kind.HOLE),
                        new Window(7, 1, Run.Kind.DATA),
                        new Window(8, 2, Run.Kind.HOLE)),
                windows);
    }

    @Test
    void theLastBlockMayBeAPartOfOne() throws IOException {
        assertEquals(
                List.of(new Window(0, 2, Run.Kind.HOLE)),
                walk(image(4096 + 512, new Run(0, 4096 + 512, Run.Kind.HOLE))));
    }

    @Seeded(runs = 200)
    void windowsCoverTheImageAndSkipOnlyWhatHasNoData(RandomGenerator random) throws IOException {
        List<Run> runs = new ArrayList<>();
        long length = 0;
        List<Run.Kind> kinds = List.of(Run.Kind.values());
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            long run = 512L * (1 + (random.nextInt(3) == 0 ? random.nextInt(5000) : random.nextInt(12)));
            runs.add(new Run(length, run, kinds.get(random.nextInt(kinds.size()))));
            length += run;
        }

        List<Window> windows = walk(image(length, runs.toArray(Run[]::new)));

        long next = 0;
        for (Window window : windows) {
            assertEquals(next, window.firstBlock());
            next += window.blocks();
            long from = window.firstBlock() * Block.BYTES;
            long to = Math.min(next * Block.BYTES, length);
            if (window.kind() == Run.Kind.DATA) {
                assertTrue(window.firstBlock() / 256 == (next - 1) / 256, window::toString);
            } else {
                assertTrue(
                        runs.stream()
                                .filter(run -> run.offset() < to && run.end() > from)
                                .allMatch(run -> run.kind() == window.kind()),
                        window::toString);
            }
        }
        assertEquals(Block.count(length), next);
    }

    private static List<Window> walk(MemoryImage image) throws IOException {
        List<Window> all = new ArrayList<>();
        Windows windows = new Windows(image);
        while (windows.hasNext()) {
            all.add(windows.next(256));
        }
        return all;
    }

    private static MemoryImage image(long length, Run... runs) {
        return new MemoryImage(ByteBuffer.allocate(0), ImageShape.disk(length), List.of(runs));
    }
}
