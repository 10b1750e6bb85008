package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.TargetRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A kernel that has a disk `8:0` with partitions `8:1` and `8:2`.
final class BlockDevicesTest {
    private static final Path SDA = Path.of("/dev/sda");

    @TempDir
    private Path dir;

    @BeforeEach
    void makeKernel() throws IOException {
        Files.createDirectories(dir.resolve("sys/dev/block/8:0/holders"));
        for (int i = 1; i <= 2; i++) {
            Path partition = Files.createDirectories(dir.resolve("sys/dev/block/8:0/sda" + i));
            Files.createDirectory(partition.resolve("holders"));
            Files.writeString(partition.resolve("partition"), i + "\n");
            Files.writeString(partition.resolve("dev"), "8:" + i + "\n");
        }
        Files.createDirectories(dir.resolve("proc/self"));
        mounts("22 1 8:17 / / rw - ext4 /dev/sdb1 rw\n24 22 0:21 / /proc rw - proc proc rw\n");
    }

    @Test
    void aDiskThatNobodyUsesIsFree() {
        assertDoesNotThrow(() -> devices().requireUnused(SDA, "8:0"));
    }

    @Test
    void aMountedDiskIsRefused() throws IOException {
        mounts("30 22 8:0 / /mnt/data rw - ext4 /dev/sda rw\n");

        assertEquals("target /dev/sda: expected a device that nobody uses, found it mounted at /mnt/data", refusal());
    }

    @Test
    void aDiskWithAMountedPartitionIsRefused() throws IOException {
        mounts("30 22 8:2 /sub /home rw - xfs /dev/sda2 rw\n");

        assertEquals("target /dev/sda: expected a device that nobody uses, found it mounted at /home", refusal());
    }

    @Test
    void aDiskThatOthersAreBuiltUponIsRefused() throws IOException {
        Files.createDirectory(dir.resolve("sys/dev/block/8:0/holders/dm-3"));

        assertEquals("target /dev/sda: expected a device that nobody uses, found it held by dm-3", refusal());
    }

    @Test
    void aDiskWithAPartitionThatOthersAreBuiltUponIsRefused() throws IOException {
        Files.createDirectory(dir.resolve("sys/dev/block/8:0/sda1/holders/md0"));

        assertEquals("target /dev/sda: expected a device that nobody uses, found it held by md0", refusal());
    }

    private String refusal() {
        return String.valueOf(assertThrows(TargetRefused.class, () -> devices().requireUnused(SDA, "8:0"))
                .getMessage());
    }

    private BlockDevices devices() {
        return new BlockDevices(dir.resolve("proc"), dir.resolve("sys"));
    }

    private void mounts(String lines) throws IOException {
        Files.writeString(dir.resolve("proc/self/mountinfo"), lines);
    }
}
