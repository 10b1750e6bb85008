package dev.muster.protocol.content;

import dev.muster.protocol.fuzz.Fuzzing;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ContentFuzzTest {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final ImageFixture image = ImageFixture.seeded(random, 200).next(random, 5);

    @Test
    void manifestHeads() {
        byte[] head = image.manifest().head().encode();
        Fuzzing.of(ContentFuzzTest.class, "manifest-head", List.of(head)).run(ManifestHead::decode);
    }

    @Test
    void manifestPages() {
        List<byte[]> pages = new ArrayList<>(image.encoded().pages().values());
        Fuzzing.of(ContentFuzzTest.class, "manifest-page", pages).run(Page::decode);
    }

    @Test
    void chunkHeaders() {
        byte[] header = image.chunk(image.chunkIds().getFirst()).header().toBytes();
        Fuzzing.of(ContentFuzzTest.class, "chunk-header", List.of(header)).run(ChunkHeader::of);
    }
}
