package dev.muster.protocol.wire;

import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

final class WireFuzzTest implements Fuzzed {
    @Override
    public List<Fuzzing> targets() throws Exception {
        List<byte[]> seeds = Samples.all().values().stream()
                .map(hex -> HexFormat.of().parseHex(hex.replace(" ", "")))
                .toList();
        return List.of(Fuzzing.of("message", seeds, bytes -> {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            MessageAssembler assembler = new MessageAssembler();
            while (assembler.next(in).isPresent()) {
                // One more.
            }
        }));
    }
}
