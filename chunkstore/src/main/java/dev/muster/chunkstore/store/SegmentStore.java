package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.LocalDisk;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.content.Page;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A store in a directory of this host: chunks in segments, what is true of them in a journal, manifests and refs in
/// files. Layout, invariants and recovery are in this package's documentation.
///
/// One process has a store open at a time. Calls may wait for the disk, so they belong on platform threads, or on few
/// virtual ones; an interrupted thread finishes what it began. Reading never waits for writing, and goes on after
/// writing has failed.
public final class SegmentStore implements ChunkStore {
    private static final Logger LOG = System.getLogger(SegmentStore.class.getName());

    private final StoreDirectory directory;
    private final Contents contents;
    private final Committer committer;
    private final SegmentFiles segments;
    private final ManifestFiles manifests;
    private final RefFiles refs;
    private final HookFiles hooks;
    private final Leases leases = new Leases();
    private final LeaseTerms terms;
    private final StoreRoots roots;
    private final Collector collector;
    private final Admission admission;
    private final Closeable lock;

    private SegmentStore(
            StoreDirectory directory,
            Contents contents,
            Committer committer,
            SegmentFiles segments,
            InstantSource clock,
            Closeable lock) {
        CommitQueue queue = committer.queue();
        this.directory = directory;
        this.contents = contents;
        this.committer = committer;
        this.segments = segments;
        this.manifests = new ManifestFiles(directory.disk(), directory.manifests());
        this.refs = new RefFiles(directory.disk(), directory.refs());
        this.hooks = new HookFiles(directory.disk(), directory.root().resolve("hooks"), this, this::manifest);
        this.terms = new LeaseTerms(contents, queue, clock);
        this.roots = new StoreRoots(refs, contents, queue, leases, terms);
        Reclaimer reclaimer = new Reclaimer(directory, contents, queue, segments);
        this.collector = new Collector(contents, queue, manifests, roots, leases, reclaimer);
        this.admission = new Admission(directory, contents, collector, segments.quota());
        this.lock = lock;
    }

    /// Opens the store in `root`, or makes one, and brings it to where it was when it was last durable.
    ///
    /// @param runtime a directory that is empty after a restart of the host, such as `/run/muster`: for the lock
    /// @param codec decodes chunks that are stored plain; the caller closes it, after the store
    /// @throws dev.muster.protocol.MusterException.StoreRefused if another process has it open
    /// @throws Corrupt if it is damaged in a way that no crash explains
    public static SegmentStore open(Path root, Path runtime, StoreSettings settings, FrameCodec codec)
            throws IOException {
        try {
            StoreDirectory directory;
            Closeable lock;
            try (Closeable _ = StoreLock.opening(runtime, root)) {
                directory = StoreDirectory.open(new LocalDisk(), root);
                lock = StoreLock.take(runtime, root, directory.id());
            }
            try {
                return open(directory, settings, codec, lock);
            } catch (IOException e) {
                lock.close();
                throw e;
            }
        } catch (Corrupt e) {
            throw new Corrupt("store " + root + ": " + e.getMessage() + "; see: muster store fsck", e);
        }
    }

    static SegmentStore open(StoreDirectory directory, StoreSettings settings, FrameCodec codec, Closeable lock)
            throws IOException {
        return open(directory, settings, codec, InstantSource.system(), lock);
    }

    static SegmentStore open(
            StoreDirectory directory, StoreSettings settings, FrameCodec codec, InstantSource clock, Closeable lock)
            throws IOException {
        directory.prepare();
        Contents contents = new Contents();
        Journal journal = Journal.open(
                directory.disk(), directory.journal(), directory.id(), settings.journalBytesMax(), contents);
        try {
            recoverFiles(directory, contents);
            Committer committer = new Committer(journal, contents, settings);
            SegmentFiles segments = SegmentFiles.open(directory, contents, committer.queue(), settings, codec);
            committer.start();
            LOG.log(
                    Level.INFO,
                    "store open: directory={0} chunks={1} images={2}",
                    directory.root(),
                    contents.chunks().size(),
                    contents.installed().size());
            SegmentStore store = new SegmentStore(directory, contents, committer, segments, clock, lock);
            store.collector.recover();
            return store;
        } catch (IOException e) {
            journal.close();
            throw e;
        }
    }

    /// What a process before this one found in memory may not be on the disk; from here on others build on it.
    private static void recoverFiles(StoreDirectory directory, Contents contents) throws IOException {
        new ManifestFiles(directory.disk(), directory.manifests()).recover();
        RefFiles refs = new RefFiles(directory.disk(), directory.refs());
        refs.recover();
        for (Ref ref : refs.readable()) {
            if (!contents.installed().contains(ref.current())) {
                throw new Corrupt("ref " + ref.name() + ": expected an installed manifest, found " + ref.current());
            }
        }
    }

    StoreDirectory directory() {
        return directory;
    }

    Contents contents() {
        return contents;
    }

    /// Replaces a journal that turned out to be damaged by what it said when the store was opened, and since.
    void rewriteJournal() {
        committer.rewriteJournal();
    }

    @Override
    public boolean has(ChunkId id) {
        return contents.chunks().contains(id);
    }

    @Override
    public void put(Chunk chunk) throws IOException {
        ChunkId id = chunk.id();
        if (!has(id)) {
            admission.admit(() -> segments.put(id, chunk));
        }
    }

    /// Who keeps the blocks of chunks of which the store has the header alone, from now on.
    public void attach(Elsewhere elsewhere) {
        segments.attach(elsewhere);
    }

    /// How the store has a chunk; not at all if it is empty.
    public Optional<Held> held(ChunkId id) throws IOException {
        return segments.held(id);
    }

    /// The chunk, if its blocks lie in the store itself.
    public Optional<Chunk> chunkHere(ChunkId id) throws IOException {
        return segments.chunkHere(id);
    }

    /// As [#put], but the blocks are kept in the store itself, also if they lie elsewhere already.
    public void keep(Chunk chunk) throws IOException {
        admission.admit(() -> segments.keep(chunk));
    }

    /// Keeps a chunk by its header alone, also if its blocks lie in the store, where they count no more. They
    /// must lie elsewhere, durably.
    public void keepElsewhere(ChunkHeader header) throws IOException {
        admission.admit(() -> segments.keepElsewhere(header));
    }

    @Override
    public void requireRoom(long bytes) throws IOException {
        admission.require(bytes);
    }

    /// Images that refs, leases and other roots keep, whole here or on their way.
    public Set<ManifestId> kept() throws IOException {
        return roots.manifests();
    }

    /// Records that an image is not whole here any more, whatever keeps it; no ref names it from then on. Durable
    /// with the next [#flush]. To be said before chunks of it are forgotten.
    public void uninstall(ManifestId id) throws IOException {
        try {
            roots.uninstall(id);
        } catch (MusterException e) {
            throw e;
        } catch (IOException e) {
            throw refused("refs without " + id, e);
        }
    }

    /// Lets chunks go: they are not here any more, and durably so after the next [#flush].
    public void forget(Collection<ChunkId> ids) {
        ids.forEach(segments::forget);
    }

    /// The file system that the store is on.
    public Disk disk() {
        return directory.disk();
    }

    public Path root() {
        return directory.root();
    }

    @Override
    public void flush() throws IOException {
        committer.queue().flush();
    }

    @Override
    public Optional<Chunk> chunk(ChunkId id) throws IOException {
        return segments.chunk(id);
    }

    @Override
    public Optional<ChunkHeader> header(ChunkId id) throws IOException {
        return segments.header(id);
    }

    @Override
    public List<Presence> presence(List<ChunkId> ids) throws IOException {
        return segments.presence(ids);
    }

    @Override
    public void putHead(byte[] head) throws IOException {
        keep(ManifestHead.idOf(head).hash(), head);
    }

    @Override
    public void putPage(byte[] page) throws IOException {
        keep(Hash.of(page), page);
    }

    @Override
    public Optional<byte[]> head(ManifestId id) throws IOException {
        return manifests.get(id.hash(), ManifestHead.BYTES_MAX);
    }

    @Override
    public byte[] page(Hash hash) throws IOException {
        return manifests
                .get(hash, Page.BYTES_MAX)
                .orElseThrow(() -> new Unknown("no page " + hash + " in store " + directory.root()));
    }

    @Override
    public boolean hasPage(Hash hash) {
        return manifests.has(hash);
    }

    @Override
    public void install(Manifest manifest) throws IOException {
        ManifestId id = manifest.id();
        manifests.settle(id.hash());
        // Held before it is looked for: what is here is here until the image is installed, and then that keeps it.
        try (Lease lease = lease()) {
            if (lease.head(id).isEmpty()) {
                throw new Unknown("no head of manifest " + id + " in store " + directory.root());
            }
            Manifest kept = Manifest.read(manifest.head(), page -> {
                manifests.settle(page);
                return lease.page(page);
            });
            for (ChunkEntry chunk : kept.chunks()) {
                if (!lease.has(chunk.id())) {
                    throw new Unreachable(
                            "chunk " + chunk.id() + " of manifest " + id + ": expected it here, found it missing");
                }
            }
            // The chunks that are not durable yet come before it in the journal, so it cannot be there without
            // them.
            if (!contents.installed().contains(id)) {
                committer.queue().add(new JournalRecord.Install(id));
            }
            committer.queue().flush();
        }
    }

    @Override
    public List<ManifestId> installed() {
        return List.copyOf(contents.installed()).stream().sorted().toList();
    }

    @Override
    public Optional<Ref> ref(String name) throws IOException {
        return refs.get(name);
    }

    @Override
    public List<Ref> refs() throws IOException {
        return refs.all();
    }

    @Override
    public Ref point(String name, ManifestId manifest) throws IOException {
        try {
            return roots.point(name, manifest);
        } catch (MusterException e) {
            throw e;
        } catch (IOException e) {
            throw refused("ref " + name, e);
        }
    }

    @Override
    public Optional<Ref> trim(String name, int previous) throws IOException {
        return refs.trim(name, previous);
    }

    @Override
    public boolean drop(String name) throws IOException {
        return refs.drop(name);
    }

    @Override
    public Lease lease() throws IOException {
        return StoreLease.open(this, manifests, leases, terms);
    }

    @Override
    public Lease lease(ManifestId manifest) throws IOException {
        return StoreLease.open(this, manifests, leases, terms, manifest);
    }

    @Override
    public void addRoots(Roots more) {
        roots.add(more);
    }

    @Override
    public CollectReport collect(Goal goal, Progress progress) throws IOException {
        return collector.collect(goal, progress);
    }

    @Override
    public CollectPlan plan(Goal goal) throws IOException {
        return collector.survey().plan(goal);
    }

    /// A chunk has turned out to be damaged there: it is not here any more, unless it has another place by now.
    ///
    /// @return whether it had that place
    boolean condemn(ChunkId id, Place place) {
        return committer.queue().condemn(id, place);
    }

    @Override
    public List<ManifestId> likely(Collection<Hash> sample, int max) throws IOException {
        hooks.keepOnly(installed());
        return new LikelyParents(hooks).of(sample, installed(), max);
    }

    @Override
    public StoreStat stat() throws IOException {
        return new StoreStat(
                contents.chunks().size(),
                contents.use().liveBytes(),
                collector.survey().reclaimable(),
                freeBytes(),
                contents.installed().size(),
                directory.segmentNumbers().size());
    }

    /// Makes everything durable, and the next opening fast.
    @Override
    public void close() throws IOException {
        try (lock;
                segments;
                committer) {
            LOG.log(
                    Level.INFO,
                    "store closing: directory={0} chunks={1}",
                    directory.root(),
                    contents.chunks().size());
        }
    }

    private void keep(Hash hash, byte[] bytes) throws IOException {
        try {
            manifests.put(hash, bytes);
        } catch (IOException e) {
            throw refused("manifest file of " + bytes.length + " bytes", e);
        }
    }

    private StoreRefused refused(String what, IOException e) throws IOException {
        return new StoreRefused(
                "store " + directory.root() + ": expected to write " + what + ", found " + freeBytes() + " bytes free: "
                        + e.getMessage(),
                e);
    }

    private long freeBytes() throws IOException {
        return directory.disk().freeBytes(directory.segments());
    }
}
