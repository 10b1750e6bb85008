package dev.muster.protocol.content;

import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

final class ContentFuzzTest implements Fuzzed {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final ImageFixture image = ImageFixture.seeded(random, 200).next(random, 5);

    @Override
    public List<Fuzzing> targets() {
        byte[] head = image.manifest().head().encode();
        List<byte[]> pages = new ArrayList<>(image.encoded().pages().values());
        byte[] header = image.chunk(image.chunkIds().getFirst()).header().toBytes();
        return List.of(
                Fuzzing.of("manifest-head", List.of(head), ManifestHead::decode),
                Fuzzing.of("manifest-page", pages, Page::decode),
                Fuzzing.of("chunk-header", List.of(header), ChunkHeader::of));
    }
}
