package dev.muster.agent.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AddressBookTest {
    @TempDir
    Path dir;

    @Test
    void theLargestBookThatIsWrittenIsRead() throws IOException {
        AddressBook book = open();
        for (int i = 0; i < AddressBook.PEERS_MAX; i++) {
            String number = String.format(Locale.ROOT, "%04d", i);
            book.hear(new PeerAddress(
                    number + "h".repeat(60), "s".repeat(64), new Address(number + "d".repeat(249), 65_535)));
        }
        book.save();

        assertEquals(book.peers(), open().peers());
        assertEquals(AddressBook.PEERS_MAX, book.peers().size());
    }

    @Test
    void aFileThatIsTooLargeIsAnEmptyBook() throws IOException {
        Files.write(file(), new byte[4 << 20]);

        assertEquals(List.of(), open().peers());
    }

    @Test
    void whatWasHeardDoesNotReplaceWhatWasSeenNotEvenAfterARestart() throws IOException {
        AddressBook book = open();
        book.put(peer("h1", 1));
        book.hear(peer("h1", 2));
        book.hear(peer("h2", 3));
        book.save();
        AddressBook after = open();

        after.hear(peer("h1", 4));
        after.hear(peer("h2", 5));

        assertEquals(List.of(peer("h1", 1), peer("h2", 5)), after.peers());
    }

    @Test
    void whenItIsFullTheOldestHearsayGoesFirst() throws IOException {
        AddressBook book = open();
        book.put(peer("seen", 1));
        for (int i = 0; i < AddressBook.PEERS_MAX; i++) {
            book.hear(peer("heard-" + i, 2));
        }

        assertEquals(AddressBook.PEERS_MAX, book.peers().size());
        assertTrue(book.peers().contains(peer("seen", 1)));
        assertFalse(book.peers().contains(peer("heard-0", 2)));
        assertTrue(book.peers().contains(peer("heard-" + (AddressBook.PEERS_MAX - 1), 2)));
    }

    private static PeerAddress peer(String host, int port) {
        return new PeerAddress(host, "a", new Address("127.0.0.1", port));
    }

    private AddressBook open() throws IOException {
        return AddressBook.open(file());
    }

    private Path file() {
        return dir.resolve("peers");
    }
}
