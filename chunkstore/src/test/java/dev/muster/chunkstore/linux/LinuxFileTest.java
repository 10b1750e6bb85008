package dev.muster.chunkstore.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxFileTest {
    @TempDir
    private Path dir;

    @Test
    void allocatingMakesRoomWithOrWithoutSize() throws IOException {
        Path file = dir.resolve("file");
        try (LinuxFile linux = LinuxFile.openOrCreate(file)) {
            linux.allocate(1 << 20, true);
            assertEquals(0, Files.size(file));

            linux.allocate(1 << 20, false);
            assertEquals(1 << 20, Files.size(file));
        }
    }

    @Test
    void theLockIsOfTheDescriptorAndEndsWithIt() throws IOException {
        Path file = dir.resolve("lock");
        try (LinuxFile first = LinuxFile.openOrCreate(file)) {
            assertTrue(first.tryLock());
            try (LinuxFile second = LinuxFile.open(file)) {
                assertFalse(second.tryLock(), "also within one process");
            }
            try (LinuxFile third = LinuxFile.open(file)) {
                assertFalse(third.tryLock(), "closing another descriptor gives nothing back");
            }
        }
        try (LinuxFile after = LinuxFile.open(file)) {
            assertTrue(after.tryLock());
        }
    }

    @Test
    void aRefusalSaysWhichCallAndWhy() {
        LinuxException e = assertThrows(LinuxException.class, () -> LinuxFile.open(dir.resolve("none")));

        assertEquals(2, e.errno());
        assertEquals("open " + dir.resolve("none") + " failed: no such file", e.getMessage());
    }
}
