package dev.muster.agent;

import dev.muster.agent.activate.VolumeWriter;
import dev.muster.agent.control.Served;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.keep.Keeper;
import dev.muster.agent.keep.LastCopies;
import dev.muster.agent.upkeep.Scrubber;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.ScrubReport;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/// What this agent opens to programs on its host.
final class AgentDoor implements Served {
    private final ChunkStore store;
    private final FrameCodec codec;
    private final Delivery delivery;
    private final LocalOrders orders;
    private final Heartbeat heartbeat;
    private final Keeper keeper;
    private final LastCopies last;
    private final Scrubber scrubber;
    private final VolumeWriter volumes;
    private final Tuning tuning;

    /// What keeps the store, and what is allowed.
    record Upkeep(Keeper keeper, LastCopies last, Scrubber scrubber, VolumeWriter volumes, Tuning tuning) {}

    AgentDoor(
            ChunkStore store,
            FrameCodec codec,
            Delivery delivery,
            LocalOrders orders,
            Heartbeat heartbeat,
            Upkeep upkeep) {
        this.store = store;
        this.keeper = upkeep.keeper;
        this.last = upkeep.last;
        this.scrubber = upkeep.scrubber;
        this.volumes = upkeep.volumes;
        this.tuning = upkeep.tuning;
        this.codec = codec;
        this.delivery = delivery;
        this.orders = orders;
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

    @Override
    public boolean packed(ManifestId manifest) throws IOException {
        return keeper.packed(manifest);
    }

    @Override
    public void published(Envelope release) throws IOException {
        keeper.published(release);
    }

    @Override
    public VolumeWriter volumes() {
        return volumes;
    }

    @Override
    public ScrubReport scrub(OptionalLong bytesPerSecond, Progress progress) throws IOException, InterruptedException {
        return scrubber.scrub(bytesPerSecond, progress);
    }

    @Override
    public Map<ManifestId, Release.Name> lastCopies() {
        return last.names();
    }

    @Override
    public Image resolve(String reference) throws IOException {
        return orders.references().resolve(reference);
    }

    @Override
    public boolean offer(Envelope document) throws IOException {
        return orders.offer(document);
    }

    @Override
    public String pin(String reference) throws IOException {
        return orders.pin(reference);
    }

    @Override
    public void unpin(String name) throws IOException {
        orders.unpin(name);
    }

    @Override
    public List<Settings.Line> settings() {
        return tuning.lines();
    }

    @Override
    public void change(Map<String, String> settings) throws IOException {
        tuning.change(settings);
    }

    @Override
    public Map<String, Object> status() {
        HostReport report = heartbeat.now();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("id", report.origin().host());
        status.put("site", report.place().site());
        status.put("address", report.place().address());
        status.put("state", report.state().name().toLowerCase(Locale.ROOT));
        status.put("running", images(report.images().running()));
        status.put("pinned", images(report.images().wanted()));
        status.put("local", orders.local());
        status.put("alarms", orders.alarms());
        status.put("directors", orders.directors());
        status.put("sent", report.effort().sent());
        status.put("received", received(report.effort().received()));
        status.put("error", report.error());
        Keeper.State kept = keeper.state();
        status.put(
                "keep",
                Map.of(
                        "names", kept.rule().toString(),
                        "claims", kept.claims(),
                        "missing", kept.missing(),
                        "error", kept.error()));
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
