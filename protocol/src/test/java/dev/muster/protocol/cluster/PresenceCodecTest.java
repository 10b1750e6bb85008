package dev.muster.protocol.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.cluster.Presence.Part;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PresenceCodecTest {
    private static final String HASH = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final Presence SAMPLE = new Presence(
            Kind.COORDINATOR,
            new PeerAddress("c1", "r", new Address("h", 7443)),
            Optional.of(new Address("::1", 7401)),
            Map.of("b", "ü", "a", ""),
            258,
            List.of(new Part(new ManifestId(Hash.parse(HASH)), 3, 10)));

    @Test
    void theBytesAreThoseOfTheDocumentation() throws Corrupt {
        String hex = "4d53545250524553 0100 01 0200 6331 0100 72 0100 68 131d"
                + "01 0300 3a3a31 e91c"
                + "02 0100 61 0000 0100 62 0200 c3bc"
                + "0201000000000000 0100" + HASH + "03000000 0a000000";
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertEquals(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(PresenceCodec.encode(SAMPLE)));
        assertEquals(SAMPLE, PresenceCodec.decode(bytes));
    }

    @Test
    void theLargestPresenceFits() throws Corrupt {
        Map<String, String> labels = new TreeMap<>();
        for (int i = 0; i < Presence.LABELS_MAX; i++) {
            labels.put("k".repeat(62) + (i + 10), "v".repeat(Presence.LABEL_BYTES_MAX));
        }
        Presence largest = new Presence(
                Kind.AGENT,
                new PeerAddress("h".repeat(64), "s".repeat(64), new Address("a".repeat(253), 1)),
                Optional.of(new Address("b".repeat(253), 2)),
                labels,
                Long.MAX_VALUE,
                Collections.nCopies(Presence.PARTS_MAX, SAMPLE.parts().getFirst()));

        byte[] bytes = PresenceCodec.encode(largest);

        assertTrue(bytes.length <= PresenceCodec.BYTES_MAX);
        assertEquals(largest, PresenceCodec.decode(bytes));
    }

    @Test
    void everyCutOrLengthenedOneIsRefused() {
        byte[] bytes = PresenceCodec.encode(SAMPLE);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(Corrupt.class, () -> PresenceCodec.decode(cut));
        }
        assertThrows(Corrupt.class, () -> PresenceCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
        assertThrows(Corrupt.class, () -> PresenceCodec.decode(new byte[PresenceCodec.BYTES_MAX + 1]));
    }

    @Seeded(runs = 100)
    void whatDecodesAfterDamageIsWhatThoseBytesSay(RandomGenerator random) {
        byte[] bytes = PresenceCodec.encode(SAMPLE);
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
            assertEquals(
                    HexFormat.of().formatHex(bytes),
                    HexFormat.of().formatHex(PresenceCodec.encode(PresenceCodec.decode(bytes))));
        } catch (Corrupt e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("presence"), e.toString());
        }
    }
}
