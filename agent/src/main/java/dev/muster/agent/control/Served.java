package dev.muster.agent.control;

import dev.muster.agent.activate.VolumeWriter;
import dev.muster.agent.delivery.Delivery;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.ScrubReport;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What the control socket opens of the agent.
public interface Served {
    ChunkStore store();

    FrameCodec codec();

    Delivery delivery();

    VolumeWriter volumes();

    /// Serves a manifest that was packed on this host, head and pages of which are in the store, and keeps it for a
    /// while.
    ///
    /// @return whether all of its chunks are here
    boolean packed(ManifestId manifest) throws IOException;

    /// Keeps what was packed on this host until the release that it became is retired.
    void published(Envelope release) throws IOException;

    /// Reads everything in the store once and gets what has rotted from peers.
    ///
    /// @param bytesPerSecond at most; as configured if it is empty
    ScrubReport scrub(OptionalLong bytesPerSecond, Progress progress) throws IOException, InterruptedException;

    /// Images whose copy here is to outlive others: see [dev.muster.agent.keep.LastCopies].
    Map<ManifestId, Release.Name> lastCopies();

    /// What a person means by `name:version`, `name`, or 12 and more digits of a hash.
    ///
    /// @throws dev.muster.protocol.MusterException.Unknown if nobody knows such an image
    Image resolve(String reference) throws IOException;

    /// Takes in a signed document that somebody carried here.
    ///
    /// @return whether it is new
    /// @throws dev.muster.protocol.MusterException.Refused if it is not believed
    boolean offer(Envelope document) throws IOException;

    /// Runs a release that is whole here from now on, whatever pins say, with no coordinator.
    ///
    /// @return its `name:version`
    String pin(String reference) throws IOException;

    /// Pins decide about this name again.
    void unpin(String name) throws IOException;

    /// The settings that can be changed while the agent runs, as they count.
    List<Settings.Line> settings();

    /// Changes some of them, at once and for the time to come; an empty value is the default again.
    ///
    /// @throws dev.muster.protocol.MusterException.BadConfiguration if any is wrong; then none is changed
    void change(Map<String, String> settings) throws IOException;

    /// The agent as it is now.
    Map<String, Object> status();

    /// An image that a reference names.
    ///
    /// @param release the record's hash, unless the image was named by its manifest only
    /// @param name `name:version`, or the manifest id
    record Image(String name, ManifestId manifest, Optional<Hash> release, List<Artifact> artifacts) {
        public Image {
            artifacts = List.copyOf(artifacts);
        }
    }

    /// One part of a release.
    record Artifact(String role, ManifestId manifest) {}
}
