package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What each name runs, in a file of that name. The layout is in this package's documentation. For many threads; one
/// writes at a time.
final class RefFiles {
    private static final String MAGIC = "MSTRREFS";
    private static final int BYTES_MAX = 4096;

    private final Disk disk;
    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable IOException doubt;

    RefFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    void recover() throws IOException {
        for (String name : disk.list(directory)) {
            if (name.endsWith(Disk.PART)) {
                disk.delete(directory.resolve(name));
            }
        }
        disk.forceDirectory(directory);
    }

    Optional<Ref> get(String name) throws IOException {
        Path file = directory.resolve(Ref.checkName(name));
        byte[] bytes;
        try {
            bytes = disk.read(file, BYTES_MAX);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (FileSystemException e) {
            // It says nothing of the bytes.
            throw e;
        } catch (IOException e) {
            throw new Corrupt("ref " + name + ": " + Findings.message(e), e);
        }
        return Optional.of(decode(name, bytes));
    }

    List<Ref> all() throws IOException {
        List<Ref> refs = new ArrayList<>();
        for (String name : disk.list(directory)) {
            if (Ref.isName(name)) {
                get(name).ifPresent(refs::add);
            }
        }
        return refs;
    }

    /// Those that are right.
    List<Ref> readable() throws IOException {
        List<Ref> refs = new ArrayList<>();
        for (String name : disk.list(directory)) {
            if (Ref.isName(name)) {
                readable(name).ifPresent(refs::add);
            }
        }
        return refs;
    }

    private Optional<Ref> readable(String name) throws IOException {
        try {
            return get(name);
        } catch (Corrupt _) {
            return Optional.empty();
        }
    }

    /// As they are for good.
    ///
    /// @throws Corrupt if nobody knows what one of them is
    /// @throws StoreRefused if a change failed, and nobody knows what they will be after a crash
    List<Ref> durable() throws IOException {
        lock.lock();
        try {
            if (doubt != null) {
                throw new StoreRefused(
                        "refs: expected to know what they are after a crash, found a failed change; open the "
                                + "store again",
                        doubt);
            }
            return all();
        } catch (Corrupt e) {
            throw new Corrupt(
                    e.getMessage() + "; nothing is collected until it is pointed somewhere, dropped, or mended by "
                            + "muster store fsck",
                    e);
        } finally {
            lock.unlock();
        }
    }

    /// Returns when the name points there for good. One that is damaged is mended by that, and starts anew.
    Ref point(String name, ManifestId manifest) throws IOException {
        lock.lock();
        try {
            Optional<Ref> before = readable(name);
            if (before.isPresent() && before.get().current().equals(manifest)) {
                return before.get();
            }
            Ref after =
                    before.map(ref -> ref.pointedTo(manifest)).orElseGet(() -> new Ref(name, manifest, List.of(), 1));
            change(name, file -> disk.replace(file, encode(after)));
            return after;
        } finally {
            lock.unlock();
        }
    }

    /// Returns when all but the newest previous images are forgotten for good.
    Optional<Ref> trim(String name, int previous) throws IOException {
        lock.lock();
        try {
            Optional<Ref> before = get(name);
            if (before.isPresent() && before.get().previous().size() > previous) {
                Ref after = before.get().trimmedTo(previous);
                change(name, file -> disk.replace(file, encode(after)));
                return Optional.of(after);
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /// Returns when the name is gone for good.
    ///
    /// @return whether there was one
    boolean drop(String name) throws IOException {
        lock.lock();
        try {
            if (!disk.exists(directory.resolve(Ref.checkName(name)))) {
                return false;
            }
            change(name, file -> {
                disk.delete(file);
                disk.forceDirectory(directory);
            });
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Returns when no ref that is right names that image, for good; one that named no other is gone.
    void forget(ManifestId manifest) throws IOException {
        lock.lock();
        try {
            for (Ref ref : readable()) {
                Optional<Ref> after = ref.without(manifest);
                if (after.isEmpty()) {
                    drop(ref.name());
                } else if (!after.get().current().equals(ref.current())
                        || after.get().previous().size() < ref.previous().size()) {
                    change(ref.name(), file -> disk.replace(file, encode(after.get())));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Change {
        void of(Path file) throws IOException;
    }

    /// A change that fails is in doubt if it can be seen all the same.
    private void change(String name, Change change) throws IOException {
        Optional<Ref> before = readable(name);
        try {
            change.of(directory.resolve(name));
        } catch (IOException e) {
            if (!readable(name).equals(before)) {
                doubt = e;
            }
            throw e;
        }
    }

    static byte[] encode(Ref ref) {
        ByteWriter out = new ByteWriter(512).magic(MAGIC).u16(1).u16(0);
        out.text(ref.name()).u64(ref.generation());
        ref.current().hash().write(out);
        out.u8(ref.previous().size());
        for (ManifestId id : ref.previous()) {
            id.hash().write(out);
        }
        return Checksum.append(out);
    }

    static Ref decode(String name, byte[] bytes) throws Corrupt {
        ByteReader in = Checksum.check("ref " + name, ByteBuffer.wrap(bytes));
        Checksum.header(in, MAGIC);
        String found = in.text(Ref.NAME_MAX);
        if (!found.equals(name)) {
            throw in.refuse("that name", found);
        }
        long generation = in.u64();
        ManifestId current = new ManifestId(Hash.read(in));
        int count = in.u8(Ref.PREVIOUS_MAX);
        List<ManifestId> previous = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            previous.add(new ManifestId(Hash.read(in)));
        }
        in.end();
        return new Ref(name, current, previous, generation);
    }
}
