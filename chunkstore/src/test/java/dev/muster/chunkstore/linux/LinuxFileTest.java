package dev.muster.chunkstore.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    void aLockThatIsHadInPartIsGivenBack() throws IOException {
        Path file = Files.createFile(dir.resolve("lock"));
        LinuxFile first = LinuxFile.openToRead(file);
        assertThrows(LinuxException.class, first::tryLock, "its second kind is for who may write");

        try (LinuxFile second = LinuxFile.open(file)) {
            assertTrue(second.tryLock());
        }
    }

    @Test
    void aRefusalSaysWhichCallAndWhy() {
        LinuxException e = assertThrows(LinuxException.class, () -> LinuxFile.open(dir.resolve("none")));

        assertEquals(2, e.errno());
        assertEquals("open " + dir.resolve("none") + " failed: no such file", e.getMessage());
    }

    @Test
    void aFullDiskIsKnownByWhatTheJdkSaysOfIt() throws IOException {
        try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            IOException e = assertThrows(IOException.class, () -> full.write(ByteBuffer.allocate(1)));

            assertTrue(LinuxException.isDiskFull(e), e.getMessage());
        }
        assertTrue(LinuxException.isDiskFull(new LinuxException("fallocate", LinuxException.ENOSPC)));
        assertFalse(LinuxException.isDiskFull(new LinuxException("pwrite", LinuxException.EIO)));
        assertFalse(LinuxException.isDiskFull(new IOException()));
    }

    @Test
    void dataAndHolesAreFound() throws IOException {
        Path file = dir.resolve("sparse");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1 << 20]), 4 << 20);
        }
        try (LinuxFile linux = LinuxFile.openToRead(file)) {
            assertEquals(4 << 20, linux.nextData(0));
            assertEquals(0, linux.nextHole(0));
            assertEquals(5 << 20, linux.nextHole(4 << 20));
            assertEquals(Long.MAX_VALUE, linux.nextData(5 << 20));
            assertEquals(Long.MAX_VALUE, linux.nextHole(5 << 20));
        }
    }
}
