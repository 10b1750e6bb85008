package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Collects what nothing keeps, while everybody reads and writes: exactly, and at once (promise R4).
///
/// 1. From here on leases that are closed linger, until the end. Then roots and installed images are asked for, and
///    their manifests say which chunks stay: a [Survey].
/// 2. Chunks that no installed image names are condemned. One is condemned only if at that very moment no lease holds
///    it; [Leases] has the argument.
/// 3. While that is not enough, images that nothing keeps go, those installed first before others, and those that are
///    to go [last][Roots#last] after all. Whether something keeps one by now is asked again, together with taking it
///    away. Its REMOVE is durable before its chunks are condemned, so that an installed image is whole after any crash.
/// 4. What is condemned cannot be found any more; the [Reclaimer] gives its room back.
/// 5. Heads and pages that nothing needs are deleted.
///
/// One collection runs at a time, in the thread of whoever wants it.
final class Collector {
    private static final Logger LOG = System.getLogger(Collector.class.getName());

    /// How many chunks are condemned before their room is given back.
    private static final int BATCH_CHUNKS = 1 << 14;

    private final Contents contents;
    private final CommitQueue queue;
    private final ManifestFiles files;
    private final StoreRoots roots;
    private final Leases leases;
    private final Reclaimer reclaimer;
    private final ReentrantLock running = new ReentrantLock();
    private final AtomicLong finished = new AtomicLong();

    Collector(
            Contents contents,
            CommitQueue queue,
            ManifestFiles files,
            StoreRoots roots,
            Leases leases,
            Reclaimer reclaimer) {
        this.contents = contents;
        this.queue = queue;
        this.files = files;
        this.roots = roots;
        this.leases = leases;
        this.reclaimer = reclaimer;
    }

    Survey survey() throws IOException {
        return Survey.of(contents, files, roots, leases);
    }

    /// How many collections have ended.
    long finished() {
        return finished.get();
    }

    /// How much a collection is to free, found out when it is its turn.
    @FunctionalInterface
    interface Wanted {
        Goal goal() throws IOException;
    }

    CollectReport collect(Goal goal, Progress progress) throws IOException {
        return collect(finished(), () -> goal, progress, true);
    }

    /// Collects, unless a collection has ended since there were `seen` of them.
    void collectOnce(long seen, Wanted wanted) throws IOException {
        collect(seen, wanted, Progress.NONE, false);
    }

    private CollectReport collect(long seen, Wanted wanted, Progress progress, boolean always) throws IOException {
        running.lock();
        try {
            if (finished() != seen && !always) {
                return new CollectReport(List.of(), 0, 0);
            }
            leases.beginCollection();
            return new Run(wanted.goal(), progress).run();
        } finally {
            leases.endCollection();
            finished.incrementAndGet();
            running.unlock();
        }
    }

    /// Gives back what a process before this one has condemned.
    void recover() {
        running.lock();
        try {
            reclaimer.reclaim(Progress.NONE);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "room not given back: cause={0}", e.getMessage());
        } finally {
            running.unlock();
        }
    }

    /// One collection.
    private final class Run {
        private final Goal goal;
        private final Progress progress;
        private final List<ManifestId> gone = new ArrayList<>();
        private long chunks;
        private long bytes;

        Run(Goal goal, Progress progress) {
            this.goal = goal;
            this.progress = progress;
        }

        CollectReport run() throws IOException {
            // Says so, if the store takes nothing more, before anything has happened.
            queue.flush();
            Survey survey = survey();
            survey.requireReadable();
            progress.phase("free", survey.freed(goal));
            sweep(survey, 0);
            int done = 0;
            for (int enough = survey.enough(done, goal, bytes); enough > done; ) {
                for (; done < enough; done++) {
                    evict(done, survey);
                }
                queue.flush();
                sweep(survey, done);
                enough = survey.enough(done, goal, bytes);
            }
            reclaimer.reclaimSparse(progress);
            deleteFiles();
            LOG.log(
                    Level.INFO,
                    "store collected: images={0} chunks={1} bytes={2}",
                    gone.size(),
                    chunks,
                    Long.toString(bytes));
            return new CollectReport(gone, chunks, bytes);
        }

        private void evict(int which, Survey survey) throws IOException {
            ManifestId id = survey.cached().get(which);
            if (roots.evict(id)) {
                gone.add(id);
                if (survey.isLast(which)) {
                    LOG.log(Level.WARNING, "an image that was to go last had to go: manifest={0}", id);
                }
            } else {
                survey.keep(id);
            }
        }

        private void sweep(Survey survey, int gone) throws IOException {
            int condemned = 0;
            for (Map.Entry<ChunkId, Place> chunk : contents.chunks().entries()) {
                ChunkId id = chunk.getKey();
                Place place = chunk.getValue();
                if (survey.mayGo(id, gone) && leases.unlessHeld(id.hash(), () -> queue.condemn(id, place))) {
                    chunks++;
                    bytes += place.bytes();
                    condemned++;
                    if (condemned % BATCH_CHUNKS == 0) {
                        reclaimer.reclaim(progress);
                    }
                }
            }
            reclaimer.reclaim(progress);
        }

        /// Files that are here by now are looked at, and what needs them is asked for after that.
        private void deleteFiles() throws IOException {
            List<Hash> there = files.list();
            Set<ManifestId> images = new HashSet<>(roots.manifests());
            Set<ManifestId> installed = new HashSet<>(List.copyOf(contents.installed()));
            images.addAll(installed);
            HashTable needed = new HashTable();
            for (ManifestId id : images) {
                needed.put(id.hash(), 1);
                ManifestNames names = new ManifestNames(files, page -> needed.put(page, 1));
                names.pages(id);
                if (!names.isWhole() && installed.contains(id)) {
                    return;
                }
            }
            for (Hash hash : there) {
                if (!needed.contains(hash)) {
                    boolean _ = leases.unlessHeld(hash, () -> {
                        files.delete(hash);
                        return true;
                    });
                }
            }
        }
    }
}
