package dev.muster.agent.activate;

import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.document.Documents;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Sees to it that the host runs what its pins say: one [Activation] for each name that does not, on a thread of its
/// own.
/// A newer pin ends the one under way.
public final class Activator implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Logger LOG = System.getLogger(Activator.class.getName());

    private final Path images;
    private final Self self;
    private final Documents documents;
    private final Tools tools;
    private final Map<String, Job> jobs = new HashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile Snapshot snapshot =
            new Snapshot(HostReport.State.READY, new TreeMap<>(), new TreeMap<>(), List.of());

    /// @param images `HOME/images`
    public Activator(Path images, Self self, Documents documents, Tools tools) {
        this.images = images;
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
    /// @param keepPrevious how many images that ran before stay written
    public record Tools(
            ChunkStore store,
            Delivery delivery,
            Assembler assembler,
            Optional<Hook> hook,
            int keepPrevious,
            InstantSource clock) {}

    /// What the host runs, is to run, and does about it.
    ///
    /// @param activities one for each name that something was done for, the newest last
    public record Snapshot(
            HostReport.State state,
            SortedMap<String, HostReport.Image> running,
            SortedMap<String, HostReport.Image> wanted,
            List<Work> activities) {}

    /// One activity, at this moment.
    public record Work(
            String name,
            HostReport.State state,
            HostReport.Progress progress,
            long started,
            long finished,
            String error) {}

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

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                PinBook.Decision decision = documents.decide(self.host, self.labels.get());
                decision.pins().forEach(this::follow);
                look(decision);
                if (wake.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            jobs.values().forEach(job -> job.thread.interrupt());
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "images cannot be read: directory={0} cause={1}", images, e.getMessage());
        }
    }

    private void follow(String name, Signed<Pin> pin) {
        if (!(pin.document().order() instanceof Order.Run(var hash))) {
            return;
        }
        Optional<Signed<Release>> release = documents.release(hash);
        Job job = jobs.get(name);
        if (release.isEmpty() || (job != null && job.activity.pin().equals(pin.hash()))) {
            return;
        }
        if (job != null) {
            job.thread.interrupt();
            join(job.thread);
        }
        Activity activity =
                new Activity(release.get(), pin.hash(), tools.clock().millis());
        Slots slots = new Slots(images.resolve(name));
        Thread worker = Thread.ofVirtual().name("activate-" + name).start(() -> {
            try {
                if (isRunning(slots, release.get().document())) {
                    activity.end(HostReport.State.READY, "", tools.clock().millis());
                } else {
                    LOG.log(
                            Level.INFO,
                            "activating: release={0} pin={1}",
                            release.get().document().name(),
                            pin.hash().brief());
                    new Activation(activity, slots, tools).run();
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
        jobs.put(name, new Job(activity, worker));
    }

    private static boolean isRunning(Slots slots, Release release) throws IOException {
        for (Artifact artifact : release.artifacts()) {
            if (!slots.current(artifact.role()).equals(Optional.of(artifact.manifest()))) {
                return false;
            }
        }
        return true;
    }

    private void look(PinBook.Decision decision) throws IOException {
        SortedMap<String, HostReport.Image> running = new TreeMap<>();
        SortedMap<String, HostReport.Image> wanted = new TreeMap<>();
        decision.pins().forEach((name, pin) -> {
            if (pin.document().order() instanceof Order.Run(var hash)) {
                documents
                        .release(hash)
                        .ifPresent(release -> wanted.put(
                                name,
                                new HostReport.Image(
                                        hash, release.document().primary().manifest())));
            }
        });
        for (String name : names()) {
            Optional<ManifestId> current = current(name);
            if (current.isPresent()) {
                HostReport.Image pinned = wanted.get(name);
                if (pinned != null && pinned.manifest().equals(current.get())) {
                    running.put(name, pinned);
                } else {
                    documents
                            .release(name, current.get())
                            .ifPresent(
                                    release -> running.put(name, new HostReport.Image(release.hash(), current.get())));
                }
            }
        }
        List<Work> activities = jobs.entrySet().stream()
                .map(entry -> work(entry.getKey(), entry.getValue().activity))
                .toList();
        snapshot = new Snapshot(state(decision, wanted, running, activities), running, wanted, activities);
    }

    private static HostReport.State state(
            PinBook.Decision decision,
            SortedMap<String, HostReport.Image> wanted,
            SortedMap<String, HostReport.Image> running,
            List<Work> activities) {
        for (HostReport.State state :
                List.of(HostReport.State.FAILED, HostReport.State.WRITING, HostReport.State.FETCHING)) {
            if (activities.stream().anyMatch(work -> work.state() == state)) {
                return state;
            }
        }
        if (!decision.held().isEmpty()) {
            return HostReport.State.HELD;
        }
        return running.entrySet().containsAll(wanted.entrySet()) ? HostReport.State.READY : HostReport.State.FETCHING;
    }

    private static Work work(String name, Activity activity) {
        return new Work(
                name, activity.state(), activity.progress(), activity.started(), activity.finished(), activity.error());
    }

    private List<String> names() throws IOException {
        if (!Files.isDirectory(images)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(images)) {
            return directories
                    .filter(Files::isDirectory)
                    .map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private Optional<ManifestId> current(String name) throws IOException {
        return new Slots(images.resolve(name)).current(Artifact.DISK);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
