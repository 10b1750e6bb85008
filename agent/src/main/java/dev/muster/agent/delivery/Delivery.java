package dev.muster.agent.delivery;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Lease;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings images into the store: head, pages, then chunks by a swarm. What is here already is not fetched again.
public final class Delivery implements Swarms.Listener {
    private static final Logger LOG = System.getLogger(Delivery.class.getName());
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final ChunkStore store;
    private final Swarms swarms;
    private final Manifests manifests;
    private final Set<ManifestId> installed = new HashSet<>();

    /// Images that were whole here and lack a chunk.
    private final Set<ManifestId> broken = new HashSet<>();

    /// Images of which this host serves what it has, whether or not anybody wants the rest.
    private final Set<ManifestId> held = new HashSet<>();

    private final Map<ManifestId, IOException> failures = new HashMap<>();

    /// How many wait for an image.
    private final Map<ManifestId, Integer> fetching = new HashMap<>();

    /// Where a head may be had besides from peers: a coordinator.
    @FunctionalInterface
    public interface HeadSource {
        Optional<byte[]> head(ManifestId id) throws InterruptedException;
    }

    public Delivery(ChunkStore store, Swarms swarms, HeadSource heads) {
        this.store = store;
        this.swarms = swarms;
        this.manifests = new Manifests(store, swarms.gets(), heads);
    }

    /// Takes part in the swarms of all images that are whole here, so that they are served. One that cannot be read is
    /// passed over and said so.
    public void serveInstalled() throws IOException {
        for (ManifestId id : store.installed()) {
            try {
                swarms.open(store.manifest(id));
            } catch (Corrupt | Unknown | StoreRefused e) {
                LOG.log(Level.WARNING, "not served: manifest={0} cause={1}", id, e.getMessage());
            }
        }
    }

    /// The manifest, from the store, a coordinator or peers; its head and pages are in the store afterwards.
    ///
    /// @param lease holds it, and its chunks, from then on
    public Manifest manifest(ManifestId id, Lease lease) throws IOException, InterruptedException {
        return manifests.bring(id, lease);
    }

    /// As [#manifest], and waits a while for a peer that has it: see [FirstPeer].
    public Manifest manifest(ManifestId id, Lease lease, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        FirstPeer first = new FirstPeer(() -> swarms.connections().size(), progress, patience);
        while (true) {
            try {
                return manifests.bring(id, lease);
            } catch (Unreachable e) {
                first.await(e);
            }
        }
    }

    /// Fetches a head or page whose file in the store has rotted.
    ///
    /// @return whether anybody had it
    public boolean restoreManifestFile(Hash hash) throws IOException, InterruptedException {
        return manifests.restore(hash);
    }

    /// Starts, or goes on with, the fetching of an image and returns when all of it is here and durable. It is held
    /// meanwhile; who wants it to stay holds it longer.
    ///
    /// @param patience how long nothing at all may arrive
    /// @throws Unreachable if nothing arrived for so long, or no peer has the manifest: see [FirstPeer]
    /// @throws StoreRefused if the store cannot keep it; if it has no room, before anything is fetched
    public Manifest fetch(ManifestId id, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Lease lease = store.lease(id)) {
            Manifest manifest = manifest(id, lease, progress, patience);
            store.requireRoom(manifest.chunks().stream()
                    .filter(chunk -> !store.has(chunk.id()))
                    .mapToLong(ChunkEntry::wireBytes)
                    .sum());
            return fetch(manifest, progress, patience);
        }
    }

    /// As [#fetch], where chunks do not go into the store, but to a target that takes them meanwhile.
    public Manifest fetchElsewhere(ManifestId id, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Lease lease = store.lease(id)) {
            return fetch(manifest(id, lease, progress, patience), progress, patience);
        }
    }

    private Manifest fetch(Manifest manifest, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        begin(manifest.id());
        try {
            swarms.open(manifest);
            recheck(manifest);
            await(manifest, progress, patience);
            return manifest;
        } finally {
            end(manifest);
        }
    }

    /// The headers of chunks that follow each other in a manifest's table, in that order: from the store, or from
    /// peers. Those from peers are not kept.
    ///
    /// @param first index of the first chunk
    /// @param chunks at most [BatchedHeaders#BATCH]
    /// @return empty where nobody has the header
    /// @throws Unreachable if some are not here and no peer has any of those
    public List<Optional<ChunkHeader>> headers(ManifestId manifest, int first, List<ChunkId> chunks)
            throws IOException, InterruptedException {
        Map<ChunkId, ChunkHeader> found = new HashMap<>();
        Set<ChunkId> missing = new HashSet<>();
        for (ChunkId chunk : chunks) {
            Optional<ChunkHeader> kept = store.header(chunk);
            kept.ifPresentOrElse(header -> found.put(chunk, header), () -> missing.add(chunk));
        }
        if (!missing.isEmpty()) {
            found.putAll(swarms.headerGets().get(manifest, first, chunks, missing));
        }
        return chunks.stream()
                .map(chunk -> Optional.ofNullable(found.get(chunk)))
                .toList();
    }

    /// All headers of a manifest's chunks, from the store or from peers, as they are asked for.
    public BatchedHeaders headers(Manifest manifest) {
        return new BatchedHeaders(manifest, (first, chunks) -> headers(manifest.id(), first, chunks));
    }

    /// Chunks that have rotted since the image was whole are fetched again.
    private void recheck(Manifest manifest) {
        List<Integer> missing = swarms.missing(manifest);
        synchronized (this) {
            if (missing.isEmpty() || !installed.remove(manifest.id())) {
                return;
            }
        }
        swarms.lost(manifest.id(), missing);
    }

    private void await(Manifest manifest, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        ManifestId id = manifest.id();
        progress.phase("fetch", manifest.wireBytes());
        long shown = 0;
        long received = 0;
        long since = System.nanoTime();
        while (!awaitInstalled(id)) {
            Optional<SwarmProgress> now = swarms.progress(id);
            if (now.isPresent()) {
                progress.advance(Math.max(0, now.get().bytes() - shown));
                shown = Math.max(shown, now.get().bytes());
                if (now.get().received() != received) {
                    received = now.get().received();
                    since = System.nanoTime();
                }
            }
            if (System.nanoTime() - since >= patience.toNanos()) {
                throw new Unreachable("image " + id + ": nothing arrived for " + patience.toSeconds() + " s; "
                        + now.map(Delivery::described).orElse("its swarm is closed"));
            }
        }
        progress.advance(manifest.wireBytes() - shown);
    }

    private static String described(SwarmProgress progress) {
        return progress.chunks().have() + " of " + progress.chunks().all() + " chunks are here, " + progress.peers()
                + " peers connected; see who has it: muster images";
    }

    private synchronized void begin(ManifestId id) {
        failures.remove(id);
        fetching.merge(id, 1, Integer::sum);
    }

    /// The last to give up an image that is not whole ends its swarm: nobody wants the rest.
    private void end(Manifest manifest) {
        ManifestId id = manifest.id();
        boolean hold;
        synchronized (this) {
            boolean wanted = fetching.merge(id, -1, Integer::sum) > 0;
            if (wanted || installed.contains(id)) {
                fetching.remove(id, 0);
                return;
            }
            fetching.remove(id);
            hold = held.contains(id);
        }
        swarms.leave(id);
        if (hold) {
            try {
                swarms.hold(manifest);
            } catch (StoreRefused e) {
                LOG.log(Level.WARNING, "not served any more: manifest={0} cause={1}", id, e.getMessage());
            }
        }
    }

    /// Serves an image of which head and pages are in the store: all of it, installed then, or what is here of it.
    /// Nothing is fetched.
    ///
    /// @return whether all of it is here
    /// @throws Unknown if they are not
    public boolean hold(ManifestId id) throws IOException {
        return hold(store.manifest(id));
    }

    /// As [#hold], if head and pages are here. What cannot be read is passed over and said so.
    public void holdKnown(ManifestId id) throws IOException {
        try {
            if (store.head(id).isPresent()) {
                boolean _ = hold(id);
            }
        } catch (Corrupt | Unknown | Unreachable | StoreRefused e) {
            LOG.log(Level.WARNING, "not served: manifest={0} cause={1}", id, e.getMessage());
        }
    }

    private boolean hold(Manifest manifest) throws IOException {
        boolean whole = manifest.chunks().stream().allMatch(chunk -> store.has(chunk.id()));
        if (whole) {
            store.flush();
            store.install(manifest);
            swarms.open(manifest);
        } else {
            synchronized (this) {
                held.add(manifest.id());
            }
            swarms.hold(manifest);
        }
        return whole;
    }

    /// The images that are whole here.
    public Set<ManifestId> whole() {
        Set<ManifestId> whole = new HashSet<>(store.installed());
        synchronized (this) {
            whole.removeAll(broken);
        }
        return whole;
    }

    @Override
    public synchronized void complete(Manifest manifest) {
        installed.add(manifest.id());
        broken.remove(manifest.id());
        held.remove(manifest.id());
        notifyAll();
    }

    /// To be told by the store: an image went, because its room was needed. It is not served any more.
    public void removed(ManifestId id) {
        synchronized (this) {
            installed.remove(id);
            broken.remove(id);
        }
        swarms.leave(id);
    }

    @Override
    public synchronized void incomplete(ManifestId id) {
        installed.remove(id);
        broken.add(id);
    }

    @Override
    public synchronized void failed(Manifest manifest, IOException cause) {
        failures.put(manifest.id(), cause);
        notifyAll();
    }

    /// Waits a little for the image to be whole here.
    private synchronized boolean awaitInstalled(ManifestId id) throws IOException, InterruptedException {
        long until = System.nanoTime() + LOOK_AGAIN.toNanos();
        while (!installed.contains(id) && !failures.containsKey(id)) {
            long millis = (until - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        IOException failure = failures.get(id);
        if (failure != null) {
            throw failure;
        }
        return true;
    }
}
