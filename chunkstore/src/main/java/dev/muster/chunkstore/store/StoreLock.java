package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.LocalDisk;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Hash;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// That no other agent uses a store. The lock lies in the runtime directory, which is empty after a restart, and is
/// named for the store itself, so that it counts wherever the store is mounted. The kernel gives it back when the
/// process ends, however it does.
final class StoreLock implements Closeable {
    private static final int PID_BYTES_MAX = 20;

    private final LinuxFile file;

    private StoreLock(LinuxFile file) {
        this.file = file;
    }

    /// @throws StoreRefused naming the process that has it
    static StoreLock take(Path runtimeDirectory, Path directory, StoreId store) throws IOException {
        return take(runtimeDirectory, directory, store.toString());
    }

    /// That nobody else looks for the identity of the store in this directory, or gives it one: a store that is
    /// being made has none yet by which it could be locked. To be held until [#take] has returned.
    ///
    /// @throws StoreRefused naming the process that has it
    static StoreLock opening(Path runtimeDirectory, Path directory) throws IOException {
        new LocalDisk().makeDirectory(directory);
        byte[] path = directory.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
        return take(runtimeDirectory, directory, "at-" + Hash.of(path).brief());
    }

    private static StoreLock take(Path runtimeDirectory, Path directory, String name) throws IOException {
        Files.createDirectories(runtimeDirectory);
        Path path = runtimeDirectory.resolve("store-" + name + ".lock");
        LinuxFile file = LinuxFile.openOrCreate(path);
        try {
            if (!file.tryLock()) {
                throw new StoreRefused("store " + directory + " is in use by pid " + holder(path));
            }
            Files.writeString(path, Long.toString(ProcessHandle.current().pid()));
            return new StoreLock(file);
        } catch (StoreRefused e) {
            file.close();
            throw e;
        } catch (IOException e) {
            file.close();
            throw new StoreRefused("store " + directory + ": expected to lock " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static String holder(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        String text = new String(bytes, 0, Math.min(bytes.length, PID_BYTES_MAX), StandardCharsets.US_ASCII);
        return text.matches("[0-9]+") ? text : "unknown";
    }
}
