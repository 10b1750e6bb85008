package dev.muster.agent;

import dev.muster.agent.control.Served;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.document.Documents;
import dev.muster.agent.document.Upstream;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What this agent opens to programs on its host.
final class AgentDoor implements Served {
    private static final int DIGITS_MIN = 12;

    private final ChunkStore store;
    private final FrameCodec codec;
    private final Delivery delivery;
    private final Documents documents;
    private final Upstream upstream;
    private final Heartbeat heartbeat;

    AgentDoor(
            ChunkStore store,
            FrameCodec codec,
            Delivery delivery,
            Documents documents,
            Upstream upstream,
            Heartbeat heartbeat) {
        this.store = store;
        this.codec = codec;
        this.delivery = delivery;
        this.documents = documents;
        this.upstream = upstream;
        this.heartbeat = heartbeat;
    }

    @Override
    public ChunkStore store() {
        return store;
    }

    @Override
    public FrameCodec codec() {
        return codec;
    }

    @Override
    public Delivery delivery() {
        return delivery;
    }

    /// A coordinator knows best what is newest; without one, what is kept here must do.
    @Override
    public Image resolve(String reference) throws IOException {
        try {
            Envelope release = upstream.resolve(reference);
            documents.offer(release);
            return image(documents.release(release.hash()).orElseThrow());
        } catch (Unreachable | Unknown _) {
            // The documents that are kept decide.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted while asking a coordinator for " + reference, e);
        }
        Optional<Signed<Release>> release = matching(reference)
                .max(Comparator.comparingLong(each -> each.document().counter()));
        if (release.isPresent()) {
            return image(release.get());
        }
        Optional<ManifestId> manifest = installed(reference);
        if (manifest.isPresent()) {
            ManifestId id = manifest.get();
            return new Image(id.toString(), id, Optional.empty(), List.of(new Artifact("disk", id)));
        }
        throw new Unknown("image " + reference + ": neither a coordinator nor this host knows it; see: muster images");
    }

    @Override
    public Map<String, Object> status() {
        HostReport report = heartbeat.now(0);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("id", report.origin().host());
        status.put("site", report.place().site());
        status.put("address", report.place().address());
        status.put("state", report.state().name().toLowerCase(java.util.Locale.ROOT));
        status.put("running", images(report.images().running()));
        status.put("pinned", images(report.images().wanted()));
        status.put("sent", report.transfer().sent());
        status.put("received", received(report.transfer().received()));
        status.put("error", report.error());
        status.put(
                "swarms",
                heartbeat.progress().stream()
                        .map(each -> Map.of(
                                "manifest", each.manifest().toString(),
                                "have", each.chunks().have(),
                                "chunks", each.chunks().all(),
                                "bytes", each.bytes(),
                                "total", each.total(),
                                "peers", each.peers()))
                        .toList());
        return status;
    }

    private Stream<Signed<Release>> matching(String reference) {
        String digits = reference.startsWith("sha256:") ? reference.substring("sha256:".length()) : reference;
        boolean hex = digits.length() >= DIGITS_MIN && digits.matches("[0-9a-f]+");
        return documents.releases().stream().filter(each -> {
            Release release = each.document();
            return release.name().toString().equals(reference)
                    || release.name().name().equals(reference)
                    || (hex
                            && (each.hash().hex().startsWith(digits)
                                    || release.primary().manifest().hash().hex().startsWith(digits)));
        });
    }

    private Optional<ManifestId> installed(String reference) {
        return reference.startsWith("sha256:") && reference.length() >= "sha256:".length() + DIGITS_MIN
                ? store.installed().stream()
                        .filter(id -> id.toString().startsWith(reference))
                        .findFirst()
                : Optional.empty();
    }

    private static Image image(Signed<Release> release) {
        return new Image(
                release.document().name().toString(),
                release.document().primary().manifest(),
                Optional.of(release.hash()),
                release.document().artifacts().stream()
                        .map(each -> new Artifact(each.role(), each.manifest()))
                        .toList());
    }

    private static Map<String, Object> images(Map<String, HostReport.Image> images) {
        Map<String, Object> out = new LinkedHashMap<>();
        images.forEach((name, image) -> out.put(
                name,
                Map.of(
                        "release",
                        image.release().toString(),
                        "manifest",
                        image.manifest().toString())));
        return out;
    }

    private static Map<String, Long> received(HostReport.Received received) {
        return Map.of(
                "source", received.source(),
                "site", received.site(),
                "wan", received.wan(),
                "local", received.local());
    }
}
