package dev.muster.agent.delivery;

import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.SourceBudget;
import dev.muster.agent.limit.Throttle;
import dev.muster.agent.limit.Urgency;
import dev.muster.agent.limit.WireCost;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What is sent of which image: what is only kept goes after what is wanted, and an image that was whole here
/// from the start is sent up to its budget. Safe for threads.
public final class Serving {
    private static final Logger LOG = System.getLogger(Serving.class.getName());

    private final Throttle throttle;
    private final Shrinking shrinking;
    private final Map<ManifestId, SourceBudget> budgets = new ConcurrentHashMap<>();
    private volatile Set<ManifestId> background = Set.of();

    Serving(Throttle throttle, Shrinking shrinking) {
        this.throttle = throttle;
        this.shrinking = shrinking;
    }

    /// From now on these images go after all others.
    public void background(Set<ManifestId> manifests) {
        background = Set.copyOf(manifests);
    }

    /// The images whose budget is used up.
    public List<ManifestId> usedUp() {
        return budgets.entrySet().stream()
                .filter(entry -> entry.getValue().isUsedUp())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// What an operator is told of images whose budget is used up; empty if there are none.
    public String complaint() {
        List<ManifestId> images = usedUp();
        return images.isEmpty()
                ? ""
                : "source budget of " + throttle.limits().sourceCopies() + " copies is used up for "
                        + String.join(
                                ", ",
                                images.stream().map(ManifestId::toString).toList())
                        + "; raise it: " + HostLimits.RAISE_SOURCE_BUDGET;
    }

    /// All of an image was here when its swarm was opened. What was sent of it before still counts.
    void source(Manifest manifest) {
        budgets.computeIfAbsent(manifest.id(), _ -> new SourceBudget(wireBytes(manifest)));
    }

    LinkSender.Terms terms(Manifest manifest, int chunk, int frames, boolean sole) {
        ManifestId id = manifest.id();
        ChunkEntry entry = manifest.chunks().get(chunk);
        return new LinkSender.Terms() {
            @Override
            public Urgency urgency() {
                return background.contains(id) ? Urgency.BACKGROUND : Urgency.FOREGROUND;
            }

            @Override
            public Chunk prepared(Chunk found) throws InterruptedException {
                return shrinking.shrunk(found, entry, frames);
            }

            @Override
            public boolean grant(long bytes) {
                return Serving.this.grant(id, bytes, sole);
            }
        };
    }

    private boolean grant(ManifestId manifest, long bytes, boolean sole) {
        SourceBudget budget = budgets.get(manifest);
        if (budget == null) {
            return true;
        }
        boolean before = budget.isUsedUp();
        boolean granted = budget.grant(bytes, sole, throttle.limits().sourceCopies());
        if (!before && budget.isUsedUp()) {
            LOG.log(
                    Level.WARNING,
                    "source budget used up: manifest={0} sent={1} copies={2} raise={3}",
                    manifest,
                    budget.spent(),
                    throttle.limits().sourceCopies(),
                    HostLimits.RAISE_SOURCE_BUDGET);
        }
        return granted;
    }

    /// What one copy takes of the wire: frames, and the header of each chunk.
    private static long wireBytes(Manifest manifest) {
        long bytes = 0;
        for (ChunkEntry chunk : manifest.chunks()) {
            bytes += WireCost.of(chunk.wireBytes() + (long) chunk.blocks() * Hash.BYTES);
        }
        return bytes;
    }
}
