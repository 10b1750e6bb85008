package dev.muster.agent.control;

import dev.muster.agent.activate.VolumeWriter;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.limit.HostLimits;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.ScrubReport;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// An agent that has a store, and neither peers nor images.
record AloneServed(ChunkStore store, FrameCodec codec) implements Served {
    @Override
    public Delivery delivery() {
        throw new UnsupportedOperationException("there are no peers");
    }

    @Override
    public VolumeWriter volumes() {
        throw new UnsupportedOperationException("there are no images");
    }

    @Override
    public boolean packed(ManifestId manifest) {
        return false;
    }

    @Override
    public void published(Envelope release) throws IOException {
        throw new TargetRefused("nothing is kept");
    }

    @Override
    public ScrubReport scrub(OptionalLong bytesPerSecond, Progress progress) {
        return new ScrubReport(bytesPerSecond.orElse(7), 0, 0, List.of(), 0);
    }

    @Override
    public Image resolve(String reference) throws IOException {
        throw new Unknown("image " + reference + " is not known");
    }

    @Override
    public boolean offer(Envelope document) {
        return false;
    }

    @Override
    public String pin(String reference) throws IOException {
        throw new Unknown("image " + reference + " is not known");
    }

    @Override
    public void unpin(String name) throws IOException {
        throw new Unknown(name + " is not pinned");
    }

    @Override
    public List<Settings.Line> settings() {
        Settings settings = Settings.of(Map.of());
        HostLimits _ = HostLimits.read(settings);
        return settings.effective();
    }

    @Override
    public void change(Map<String, String> settings) throws IOException {
        HostLimits _ = HostLimits.read(Settings.of(settings));
    }

    @Override
    public Map<String, Object> status() {
        return Map.of("id", "h1");
    }

    @Override
    public Map<ManifestId, Release.Name> lastCopies() {
        return Map.of();
    }
}
