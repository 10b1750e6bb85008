package dev.muster.agent.keep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptTest {
    private static final Hash ONES = Hash.parse("01".repeat(32));
    private static final Hash TWOS = Hash.parse("02".repeat(32));

    @TempDir
    Path dir;

    private final Claim web = new Claim(ONES, "web", true, 258, List.of(new ManifestId(TWOS)));

    @Test
    void aClaimIsWrittenAsItAlwaysWas() throws IOException {
        byte[] bytes = web.encode();

        assertEquals(
                "4d5354524b455054" + "0100" + "01" + "0201000000000000" + "0300776562" + "01" + TWOS.hex() + "CRC",
                HexFormat.of().formatHex(bytes, 0, bytes.length - 4) + "CRC");
        assertEquals(web, Claim.decode(ONES, bytes));
    }

    @Test
    void everyBitFlippedInAClaimIsFound() {
        byte[] bytes = web.encode();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(Corrupt.class, () -> Claim.decode(ONES, flipped), "bit " + bit);
        }
    }

    @Test
    void whatWasPutIsThereAfterARestartAndWhatIsNoClaimIsPassedOver() throws IOException {
        Kept kept = Kept.open(dir);
        kept.put(web);
        kept.put(Claim.packed(new ManifestId(TWOS), 7));
        Files.write(dir.resolve(Hash.of(new byte[1]).hex()), new byte[] {1, 2, 3});
        Files.write(dir.resolve("notes"), new byte[] {1, 2, 3});
        Files.write(dir.resolve("." + ONES.hex() + ".partial"), new byte[] {1, 2, 3});

        Kept again = Kept.open(dir);

        assertEquals(Optional.of(web), again.claim(ONES));
        assertEquals(Set.of(new ManifestId(TWOS)), again.manifests());
        assertEquals(List.of(web), again.removeIf(claim -> claim.name().equals("web")));
        assertEquals(1, Kept.open(dir).claims().size());
    }
}
