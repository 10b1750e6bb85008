package dev.muster.agent.control;

import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.fuzz.Fuzzing;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ControlFuzzTest {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final ImageFixture image = ImageFixture.seeded(random, 8);

    @Test
    void chunks() {
        byte[] chunk = Wire.encode(image.chunk(image.chunkIds().getFirst()));
        Fuzzing.of(ControlFuzzTest.class, "control-chunk", List.of(chunk)).run(Wire::decodeChunk);
    }

    @Test
    void headers() {
        byte[] headers = Wire.encode(
                List.of(Optional.of(image.chunk(image.chunkIds().getFirst()).header()), Optional.empty()));
        Fuzzing.of(ControlFuzzTest.class, "control-headers", List.of(headers))
                .run(bytes -> Wire.decodeHeaders(bytes, 2));
    }
}
