package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Heads and pages, each in a file named by its hash: `manifests/3f/3fa4...`. For many threads; one writes at a time.
final class ManifestFiles {
    private final Disk disk;
    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();

    ManifestFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /// Clears up after a crash: what was being written goes, and what is there is there for good.
    void recover() throws IOException {
        for (String name : disk.list(directory)) {
            Path part = directory.resolve(name);
            for (String file : disk.list(part)) {
                if (file.endsWith(Disk.PART)) {
                    disk.delete(part.resolve(file));
                }
            }
            disk.forceDirectory(part);
        }
        disk.forceDirectory(directory);
    }

    /// Returns when the file is there for good. One that is there and right is left alone (invariant R5).
    void put(Hash hash, byte[] bytes) throws IOException {
        lock.lock();
        try {
            Path file = file(hash);
            if (disk.exists(file) && Hash.of(disk.read(file, bytes.length)).equals(hash)) {
                return;
            }
            Path part = file.resolveSibling("");
            if (!disk.exists(part)) {
                disk.makeDirectory(part);
            }
            disk.replace(file, bytes);
        } finally {
            lock.unlock();
        }
    }

    boolean has(Hash hash) {
        return disk.exists(file(hash));
    }

    /// The bytes of that hash, of which there are at most `max`.
    ///
    /// @throws Corrupt if the file holds others
    Optional<byte[]> get(Hash hash, int max) throws IOException {
        Path file = file(hash);
        byte[] bytes;
        try {
            bytes = disk.read(file, max);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        if (!Hash.of(bytes).equals(hash)) {
            throw new Corrupt(file + ": expected bytes of that hash, found " + bytes.length + " others");
        }
        return Optional.of(bytes);
    }

    /// The hashes of all files.
    List<Hash> list() throws IOException {
        List<Hash> hashes = new ArrayList<>();
        for (String part : disk.list(directory)) {
            for (String name : disk.list(directory.resolve(part))) {
                if (name.matches("[0-9a-f]{64}")) {
                    hashes.add(Hash.parse(name));
                }
            }
        }
        return hashes;
    }

    /// Deletes a file, if it is there.
    void delete(Hash hash) throws IOException {
        lock.lock();
        try {
            disk.delete(file(hash));
        } catch (NoSuchFileException _) {
            // It is what it should be.
        } finally {
            lock.unlock();
        }
    }

    private Path file(Hash hash) {
        String hex = hash.hex();
        return directory.resolve(hex.substring(0, 2)).resolve(hex);
    }
}
