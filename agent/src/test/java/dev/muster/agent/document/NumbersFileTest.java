package dev.muster.agent.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Numbers;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.key.KeyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumbersFileTest {
    private static final Hash ONES = Hash.parse("01".repeat(32));
    private static final Hash TWOS = Hash.parse("02".repeat(32));
    private static final KeyId KEY = new KeyId(ONES);
    private static final Numbers NUMBERS = new Numbers(
            3,
            Optional.of(new Numbers.Seen(4, 1000, TWOS)),
            new TreeMap<>(Map.of(KEY, new Numbers.Seen(5, 2000, ONES))),
            List.of(new PinBook.Used(KEY, 6, List.of(new PinBook.Mark(KEY, 7, TWOS, ONES, 8)))));

    @TempDir
    Path dir;

    @Test
    void numbersAreWrittenAsTheyAlwaysWere() {
        String hex = HexFormat.of().formatHex(NumbersFile.encode(9, NUMBERS));

        assertEquals(
                "4d5354524e554d53" + "0200" + "0900000000000000" + "0300000000000000"
                        + "01" + "0400000000000000" + "e803000000000000" + TWOS.hex()
                        + "01" + ONES.hex() + "0500000000000000" + "d007000000000000" + ONES.hex()
                        + "01" + ONES.hex() + "0600000000000000" + "01000000"
                        + "0700000000000000" + TWOS.hex() + ONES.hex() + "0800000000000000",
                hex.substring(0, hex.length() - 8));
    }

    @Test
    void theNewerOfTwoCopiesCountsAndEitherWillDo() throws IOException {
        NumbersFile file = new NumbersFile(dir.resolve("numbers"));
        file.write(Numbers.none());
        byte[] old = Files.readAllBytes(dir.resolve("numbers-b"));
        file.write(NUMBERS);

        for (String copy : List.of("numbers-a", "numbers-b")) {
            byte[] good = Files.readAllBytes(dir.resolve(copy));
            for (byte[] bad : List.of(old, new byte[0], new byte[] {1, 2, 3})) {
                Files.write(dir.resolve(copy), bad);
                assertEquals(NUMBERS, new NumbersFile(dir.resolve("numbers")).read());
            }
            Files.delete(dir.resolve(copy));
            assertEquals(NUMBERS, new NumbersFile(dir.resolve("numbers")).read());
            Files.write(dir.resolve(copy), good);
        }
    }

    @Test
    void aFileThatIsLostIsWrittenAgain() throws IOException {
        NumbersFile file = new NumbersFile(dir.resolve("numbers"));
        file.write(NUMBERS);
        Files.delete(dir.resolve("numbers-a"));

        NumbersFile again = new NumbersFile(dir.resolve("numbers"));
        again.write(again.read());

        assertTrue(Files.exists(dir.resolve("numbers-a")));
        assertEquals(NUMBERS, new NumbersFile(dir.resolve("numbers")).read());
    }
}
