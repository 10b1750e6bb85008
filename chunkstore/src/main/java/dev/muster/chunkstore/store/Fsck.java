package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.LocalDisk;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.StoreRefused;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A check of a store that nobody has open, also of one that cannot be opened, and its rebuilding. For one thread.
///
/// ```
/// try (Fsck fsck = Fsck.open(root, runtime)) {
///     FsckReport report = fsck.check(Fsck.Level.RECORDS, progress);
///     if (!report.isWhole()) {
///         RebuildReport rebuilt = fsck.rebuild(progress);
/// ```
public final class Fsck implements Closeable {
    private final Disk disk;
    private final Path root;
    private final Closeable lock;

    private Fsck(Disk disk, Path root, Closeable lock) {
        this.disk = disk;
        this.root = root;
        this.lock = lock;
    }

    /// How much is looked at.
    public enum Level {
        /// Journal, index, manifests and refs.
        INDEX,
        /// Also the head, header and checksum of every record.
        RECORDS,
        /// Also every block, decoded and hashed.
        BLOCKS
    }

    /// Takes the lock of the store in `root`, so that nobody opens it meanwhile.
    ///
    /// @param runtime the directory for the lock, as for [SegmentStore#open]
    /// @throws StoreRefused if there is no store, or another process has it open
    public static Fsck open(Path root, Path runtime) throws IOException {
        Disk disk = new LocalDisk();
        requireStore(disk, root);
        return new Fsck(
                disk,
                root,
                StoreLock.take(runtime, root, StoreOwner.find(disk, root).id()));
    }

    static Fsck open(Disk disk, Path root) throws IOException {
        requireStore(disk, root);
        return new Fsck(disk, root, () -> {});
    }

    /// Looks at everything and changes nothing.
    public FsckReport check(Level level, Progress progress) throws IOException {
        StoreOwner owner = StoreOwner.find(disk, root);
        return new StoreCheck(new StoreDirectory(disk, root, owner.id())).run(level, owner.identityProblem(), progress);
    }

    /// Makes a store of whatever chunks, manifests and refs are right, so that it can be opened. Nothing that could be
    /// read is lost, and what is damaged is set aside. Cut off by a crash at any point, it can be done again.
    ///
    /// @throws StoreRefused if the disk is full or fails
    public RebuildReport rebuild(Progress progress) throws IOException {
        StoreOwner owner = StoreOwner.find(disk, root);
        try {
            return new Rebuild(new StoreDirectory(disk, root, owner.id()), progress).run(owner.identityProblem());
        } catch (MusterException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreRefused(
                    "store " + root + ": expected to rebuild it, found: " + e.getMessage() + "; it can be done again",
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static void requireStore(Disk disk, Path root) throws StoreRefused {
        StoreDirectory parts = new StoreDirectory(disk, root, StoreId.random());
        if (List.of(parts.segments(), parts.journal()).stream().noneMatch(disk::exists)) {
            throw new StoreRefused("store " + root + ": expected segments and a journal, found none");
        }
    }
}
