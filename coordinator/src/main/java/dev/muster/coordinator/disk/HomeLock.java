package dev.muster.coordinator.disk;

import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// That one coordinator only runs on a home. The lock is a file of the runtime directory, so that a home can be copied
/// or lie on a file system without locks; the kernel drops it with the process.
public final class HomeLock implements Closeable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @param runtime a directory of this machine that is emptied when it boots
    /// @throws StoreRefused if another coordinator runs on the home
    public static HomeLock take(Path runtime, Path home) throws IOException {
        DurableFile.createDirectory(runtime, true);
        String name = "coordinator-"
                + Hash.of(home.toRealPath().toString().getBytes(StandardCharsets.UTF_8))
                        .brief() + ".lock";
        FileChannel channel =
                FileChannel.open(runtime.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(channel)) {
            channel.close();
            throw new StoreRefused(
                    home + ": expected no coordinator to run there, found one (lock " + runtime.resolve(name) + ")");
        }
        return new HomeLock(channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
