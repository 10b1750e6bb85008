package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What packing costs depends on what an image holds, and not on how long it is.
class PackMemoryTest {
    private static final long TEBIBYTE = 1L << 40;
    private static final int MEBIBYTE_BLOCKS = 256;
    private static final Path STATUS = Path.of("/proc/self/status");
    /// As the launcher gives them to publish.
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmn48m");

    private static final int RESIDENT_KIB_MAX = 512 << 10;

    @Test
    void aTebibyteWithLittleInItIsReadOnceWhereThereIsData() throws IOException {
        int data = 32 * MEBIBYTE_BLOCKS;
        NumberedImage image = new NumberedImage(TEBIBYTE / Block.BYTES, MEBIBYTE_BLOCKS, (1 << 20) / 32, 1);

        try (Packing packing = new Packing(2)) {
            Packed packed = packing.pack(image);

            assertEquals((long) data * Block.BYTES, packed.newBytes());
            assertEquals(data, image.blocksRead());
            assertEquals(TEBIBYTE, packed.length());
            assertEquals(data / Layout.SMALL_CHUNK_BLOCKS, packed.newChunks());
        }
    }

    @Test
    @Tag("long")
    void fourGibibytesInSixtyFourTakeHalfAGibibyteOfMemory() throws IOException, InterruptedException {
        assumeTrue(Files.exists(STATUS), "needs " + STATUS);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(FLAGS);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        String peak = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertEquals(0, child.waitFor());
        assertTrue(Integer.parseInt(peak) <= RESIDENT_KIB_MAX, () -> peak + " KiB were resident");
    }

    /// Packs in a process of its own and prints how many KiB of it were resident at most.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            int threads = 2;
            NumberedImage image = new NumberedImage(TEBIBYTE / 16 / Block.BYTES, 4 * MEBIBYTE_BLOCKS, 16, 1);
            try (FrameCodec codec = new FrameCodec();
                    ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                Packed packed =
                        new Packer(codec, pool, threads, Progress.NONE).pack(image, List.of(), new HeaderStore());
                if (packed.newBytes() != 4L << 30) {
                    throw new IllegalStateException(packed.newBytes() + " bytes were packed");
                }
            }
            String peak = Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .findFirst()
                    .orElseThrow();
            System.out.println(peak.replaceAll("[^0-9]", ""));
        }
    }
}
