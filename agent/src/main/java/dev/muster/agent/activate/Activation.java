package dev.muster.agent.activate;

import dev.muster.chunkstore.assemble.AssembleReport;
import dev.muster.chunkstore.assemble.Plan;
import dev.muster.chunkstore.assemble.Target;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Lease;
import dev.muster.chunkstore.volume.Undo;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Carries out one pin for one name: fetch, write, hook, switch. What fails may be tried again from the start; all that
/// was done before is found done.
final class Activation {
    /// A fetch in which nothing arrives for so long says so, and goes on.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration AGAIN_MIN = Duration.ofSeconds(1);
    private static final Duration AGAIN_MAX = Duration.ofSeconds(30);
    private static final Logger LOG = System.getLogger(Activation.class.getName());

    private final Release release;
    private final Activity activity;
    private final Slots slots;
    private final Activator.Tools tools;

    Activation(Activity activity, Slots slots, Activator.Tools tools) {
        this.release = activity.release().document();
        this.activity = activity;
        this.slots = slots;
        this.tools = tools;
    }

    /// Returns when the release runs or has failed for good; what may pass is waited out.
    void run() throws InterruptedException {
        Duration again = AGAIN_MIN;
        while (true) {
            try {
                attempt();
                return;
            } catch (Unreachable | StoreRefused | TargetRefused | Corrupt e) {
                LOG.log(Level.WARNING, "activation delayed: release={0} cause={1}", release.name(), e.getMessage());
                activity.delayed(String.valueOf(e.getMessage()));
                Thread.sleep(again);
                again = again.multipliedBy(2).compareTo(AGAIN_MAX) < 0 ? again.multipliedBy(2) : AGAIN_MAX;
            } catch (IOException e) {
                fail(String.valueOf(e.getMessage()));
                return;
            }
        }
    }

    private void attempt() throws IOException, InterruptedException {
        slots.open();
        for (Artifact artifact : release.artifacts()) {
            if (!Files.exists(slots.target(artifact.role(), artifact.manifest()))) {
                activity.enter(HostReport.State.FETCHING);
                Sizes sizes = sizes(artifact.manifest());
                activity.lacks(sizes.missing);
                if (artifact.role().equals(Artifact.DISK) && isForVolume(sizes)) {
                    writeVolume(artifact.manifest());
                } else {
                    Manifest manifest = tools.delivery().fetch(artifact.manifest(), activity, PATIENCE);
                    activity.fetched(tools.clock().millis());
                    LOG.log(Level.INFO, "fetched: manifest={0} bytes={1}", artifact.manifest(), sizes.missing);
                    write(manifest, slots.target(artifact.role(), artifact.manifest()));
                }
            }
        }
        activity.enter(HostReport.State.WRITING);
        Artifact primary = release.primary();
        if (tools.hook().isPresent()) {
            Optional<String> refusal = tools.hook()
                    .get()
                    .run(
                            release.name().name(),
                            release.name().toString(),
                            slots.target(primary.role(), primary.manifest()));
            if (refusal.isPresent()) {
                fail(refusal.get());
                return;
            }
        }
        point();
        LOG.log(Level.INFO, "running: release={0} manifest={1}", release.name(), primary.manifest());
        activity.end(HostReport.State.READY, "", tools.clock().millis());
    }

    /// @param missing bytes to be sent for what is not in the store
    /// @param data bytes that the written image takes up
    private record Sizes(long missing, long data) {}

    private Sizes sizes(ManifestId id) throws IOException, InterruptedException {
        try (Lease lease = tools.store().lease(id)) {
            Manifest manifest = tools.delivery().manifest(id, lease);
            long missing = manifest.chunks().stream()
                    .filter(chunk -> !tools.store().has(chunk.id()))
                    .mapToLong(ChunkEntry::wireBytes)
                    .sum();
            long data = manifest.extents().stream()
                    .filter(extent -> extent.kind() == Extent.Kind.CHUNK)
                    .mapToLong(extent -> extent.blocks() * Block.BYTES)
                    .sum();
            return new Sizes(missing, data);
        }
    }

    /// Whether there is room for one copy of the image only. Once it is so for a name, it stays so.
    private boolean isForVolume(Sizes sizes) throws IOException {
        return switch (tools.room()) {
            case ALWAYS -> true;
            case NEVER -> Files.exists(slots.volume());
            case AUTO -> Files.exists(slots.volume()) || sizes.missing + sizes.data > slots.freeBytes();
        };
    }

    private void writeVolume(ManifestId id) throws IOException, InterruptedException {
        Undo undo = tools.keepPrevious() > 0 ? Undo.KEEP : Undo.GIVE_UP;
        Manifest _ = tools.volumes().write(id, slots.volume(), undo, slots::unnameVolume, activity, PATIENCE);
        slots.nameVolume(id);
        LOG.log(Level.INFO, "written in place: target={0} manifest={1}", slots.volume(), id);
    }

    private void write(Manifest manifest, Path path) throws IOException {
        try (Target target = Target.open(path, manifest.shape().length())) {
            Plan plan = tools.assembler().plan(manifest, tools.store(), target, activity);
            AssembleReport report = tools.assembler().run(plan, tools.store(), target, activity);
            LOG.log(Level.INFO, "written: target={0} bytes={1}", path, report.writtenBytes());
        }
    }

    /// The ref first, so that nothing which a link names can be collected; the primary image last, so that the others
    /// are there when it is.
    private void point() throws IOException {
        Artifact primary = release.primary();
        String name = release.name().name();
        ChunkStore store = tools.store();
        if (store.installed().contains(primary.manifest())) {
            store.point(name, primary.manifest());
        }
        Set<ManifestId> keep = new HashSet<>();
        for (Artifact artifact : release.artifacts().reversed()) {
            keep.add(artifact.manifest());
            slots.current(artifact.role()).ifPresent(before -> {
                if (tools.keepPrevious() > 0) {
                    keep.add(before);
                }
            });
            slots.point(artifact.role(), artifact.manifest());
        }
        store.trim(name, tools.keepPrevious()).ifPresent(ref -> keep.addAll(ref.previous()));
        slots.prune(keep);
    }

    private void fail(String why) {
        LOG.log(Level.WARNING, "activation failed: release={0} cause={1}", release.name(), why);
        activity.end(HostReport.State.FAILED, why, tools.clock().millis());
    }
}
