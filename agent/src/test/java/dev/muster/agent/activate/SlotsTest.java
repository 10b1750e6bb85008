package dev.muster.agent.activate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SlotsTest {
    private static final ManifestId ONE = new ManifestId(Hash.of(new byte[] {1}));
    private static final ManifestId TWO = new ManifestId(Hash.of(new byte[] {2}));

    @TempDir
    Path home;

    private Slots slots;

    @BeforeEach
    void open() throws IOException {
        slots = new Slots(home.resolve("images/disk"));
        slots.open();
    }

    @Test
    void theLinkNamesWhatRuns() throws IOException {
        assertEquals(Optional.empty(), slots.current("disk"));

        Files.writeString(slots.target("disk", ONE), "one");
        slots.point("disk", ONE);

        assertEquals(Optional.of(ONE), slots.current("disk"));
        assertEquals("one", Files.readString(home.resolve("images/disk/current")));
    }

    @Test
    void switchingBackNeedsNothingButTheLink() throws IOException {
        Files.writeString(slots.target("disk", ONE), "one");
        Files.writeString(slots.target("disk", TWO), "two");
        slots.point("disk", ONE);
        slots.point("disk", TWO);

        slots.point("disk", ONE);

        assertEquals("one", Files.readString(home.resolve("images/disk/current")));
    }

    @Test
    void aLinkToNothingIsNotWhatRuns() throws IOException {
        slots.point("disk", ONE);

        assertEquals(Optional.empty(), slots.current("disk"));
    }

    @Test
    void pruningSparesWhatIsKeptAndWhatIsNoImage() throws IOException {
        Files.writeString(slots.target("disk", ONE), "one");
        Files.writeString(slots.target("kernel", ONE), "kernel");
        Files.writeString(slots.target("disk", TWO), "two");
        Path notes = Files.writeString(home.resolve("images/disk/notes.txt"), "mine");

        slots.prune(Set.of(ONE));

        assertTrue(Files.exists(slots.target("disk", ONE)));
        assertTrue(Files.exists(slots.target("kernel", ONE)));
        assertFalse(Files.exists(slots.target("disk", TWO)));
        assertTrue(Files.exists(notes));
    }
}
