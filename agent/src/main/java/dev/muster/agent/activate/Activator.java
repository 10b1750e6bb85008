package dev.muster.agent.activate;

import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.document.Documents;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Duties;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Sees to it that the host runs what its pins say: one [Activation] for each name that does not, on a
/// thread of its own. A newer pin ends the one under way.
public final class Activator implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Logger LOG = System.getLogger(Activator.class.getName());

    private final Inventory inventory;
    private final Self self;
    private final Documents documents;
    private final Tools tools;
    private final Map<String, Job> jobs = new HashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile Snapshot snapshot =
            new Snapshot(HostReport.State.READY, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /// @param images `HOME/images`
    public Activator(Path images, Self self, Documents documents, Tools tools) {
        this.inventory = new Inventory(images, documents);
        this.self = self;
        this.documents = documents;
        this.tools = tools;
        this.thread = Thread.ofVirtual().name("activator").unstarted(this::run);
    }

    /// By what pins address this host.
    ///
    /// @param labels what they are now
    public record Self(String host, Supplier<? extends Map<String, String>> labels) {}

    /// What an activation works with.
    ///
    /// @param writing how images get onto targets
    /// @param keepPrevious how many images that ran before stay written
    public record Tools(
            ChunkStore store,
            Delivery delivery,
            Writing writing,
            Optional<Hook> hook,
            int keepPrevious,
            InstantSource clock) {
        Assembler assembler() {
            return writing.assembler;
        }

        VolumeWriter volumes() {
            return writing.volumes;
        }

        Room room() {
            return writing.room;
        }
    }

    /// @param assembler for images that are in the store as well
    /// @param volumes for those that are not
    public record Writing(Assembler assembler, VolumeWriter volumes, Room room) {}

    /// When an image is held once only: on its target, and not in the store as well.
    public enum Room {
        /// Where there is no room for twice.
        AUTO,
        ALWAYS,
        NEVER
    }

    /// What the host runs, is to run, and does about it.
    ///
    /// @param work for each pinned name
    public record Snapshot(
            HostReport.State state,
            SortedMap<String, HostReport.Image> running,
            SortedMap<String, HostReport.Image> wanted,
            SortedMap<String, HostReport.Work> work) {}

    private record Job(Activity activity, Thread thread) {}

    public void start() {
        thread.start();
    }

    /// Looks at the pins again.
    public void wake() {
        wake.release();
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    /// Whether a pin is being carried out, and nothing is in its way.
    public boolean isBusy() {
        return snapshot.work().values().stream()
                .anyMatch(work -> work.error().isEmpty()
                        && (work.state() == HostReport.State.FETCHING || work.state() == HostReport.State.WRITING));
    }

    /// The images that pins order and those that run, with all that belong to them.
    public Set<ManifestId> manifests() {
        Snapshot now = snapshot;
        Stream<Hash> ordered = documents.decide(self.host, self.labels.get()).run().values().stream()
                .map(duty -> duty.release().hash());
        Stream<Hash> running = Stream.concat(now.running().values().stream(), now.wanted().values().stream())
                .map(HostReport.Image::release);
        return Stream.concat(ordered, running)
                .distinct()
                .flatMap(hash -> documents.release(hash).stream())
                .flatMap(release -> release.document().artifacts().stream())
                .map(Artifact::manifest)
                .collect(Collectors.toSet());
    }

    /// Returns when nothing is being written any more.
    @Override
    public void close() {
        thread.interrupt();
        join(thread);
    }

    private void run() {
        try {
            while (true) {
                step();
                if (wake.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            jobs.values().forEach(Activator::end);
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        Duties duties = documents.decide(self.host, self.labels.get());
        jobs.entrySet().removeIf(job -> !isOrdered(job.getKey(), job.getValue(), duties));
        duties.run().forEach((name, duty) -> {
            if (!jobs.containsKey(name)) {
                jobs.put(name, start(name, duty));
            }
        });
        try {
            snapshot = look(duties);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "images cannot be looked at: cause={0}", e.getMessage());
        }
    }

    /// Ends what is not ordered any more: the pin was withdrawn, is in doubt, or another one decides; or its release
    /// was revoked.
    private static boolean isOrdered(String name, Job job, Duties duties) {
        Duties.Duty duty = duties.run().get(name);
        if (duty != null && duty.by().equals(job.activity.pin())) {
            return true;
        }
        end(job);
        return false;
    }

    private Job start(String name, Duties.Duty duty) {
        Signed<Release> release = duty.release();
        Activity activity = new Activity(release, duty.by(), tools.clock().millis());
        Thread worker = Thread.ofVirtual().name("activate-" + name).start(() -> {
            try {
                if (inventory.runs(release.document())) {
                    activity.end(HostReport.State.READY, "", tools.clock().millis());
                } else {
                    LOG.log(
                            Level.INFO,
                            "activating: release={0} pin={1}",
                            release.document().name(),
                            duty.by().brief());
                    new Activation(activity, inventory.slots(name), tools).run();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                activity.end(
                        HostReport.State.FAILED,
                        String.valueOf(e.getMessage()),
                        tools.clock().millis());
            }
            wake();
        });
        return new Job(activity, worker);
    }

    private Snapshot look(Duties duties) throws IOException {
        SortedMap<String, Signed<Release>> pinned = new TreeMap<>();
        SortedMap<String, HostReport.Image> wanted = new TreeMap<>();
        duties.run().forEach((name, duty) -> {
            pinned.put(name, duty.release());
            wanted.put(name, Inventory.image(duty.release()));
        });
        SortedMap<String, HostReport.Image> running = inventory.running(pinned);
        SortedMap<String, HostReport.Work> work = new TreeMap<>();
        jobs.forEach((name, job) -> work.put(name, job.activity.work()));
        duties.refused().forEach((name, attack) -> work.put(name, refused(attack.message())));
        return new Snapshot(state(duties, wanted, running, work), running, wanted, work);
    }

    /// A name for which the host does nothing, as what it is to run is not for it.
    private static HostReport.Work refused(String why) {
        return new HostReport.Work(
                HostReport.State.FAILED,
                new HostReport.Progress(0, 0),
                0,
                new HostReport.Times(0, 0, 0),
                Names.printable(why, HostReport.ERROR_BYTES_MAX));
    }

    /// What the host is busy with; only when nothing goes on, whether something has failed.
    private static HostReport.State state(
            Duties duties,
            SortedMap<String, HostReport.Image> wanted,
            SortedMap<String, HostReport.Image> running,
            SortedMap<String, HostReport.Work> work) {
        for (HostReport.State state :
                List.of(HostReport.State.WRITING, HostReport.State.FETCHING, HostReport.State.FAILED)) {
            if (work.values().stream().anyMatch(each -> each.state() == state)) {
                return state;
            }
        }
        if (!duties.held().isEmpty()) {
            return HostReport.State.HELD;
        }
        boolean all = running.entrySet().containsAll(wanted.entrySet())
                && duties.missing().isEmpty();
        return all ? HostReport.State.READY : HostReport.State.FETCHING;
    }

    private static void end(Job job) {
        job.thread.interrupt();
        join(job.thread);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
