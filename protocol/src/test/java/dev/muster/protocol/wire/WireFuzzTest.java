package dev.muster.protocol.wire;

import dev.muster.protocol.fuzz.Fuzzing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireFuzzTest {
    @Test
    void messages() throws Exception {
        List<byte[]> seeds = Samples.all().values().stream()
                .map(hex -> HexFormat.of().parseHex(hex.replace(" ", "")))
                .toList();
        Fuzzing.of(WireFuzzTest.class, "message", seeds).run(bytes -> {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            MessageAssembler assembler = new MessageAssembler();
            while (assembler.next(in).isPresent()) {
                // One more.
            }
        });
    }
}
