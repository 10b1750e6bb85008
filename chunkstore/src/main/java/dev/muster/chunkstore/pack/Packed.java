package dev.muster.chunkstore.pack;

import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.util.List;

/// An image that was packed: its manifest, and what came of it. All bytes but `wireBytes` are bytes of the guest's
/// disk; what the image repeats within itself counts neither as shared nor as new.
///
/// @param encoded the manifest and its pages; the chunks went to the sink
/// @param zeroBytes zeros and holes
/// @param sharedBytes what lies in chunks of the parents
/// @param newBytes what lies in new chunks, each block once
/// @param newChunks how many chunks the parents do not have
/// @param sharedChunks how many chunks of the parents the image refers to
public record Packed(
        Manifest.Encoded encoded, long zeroBytes, long sharedBytes, long newBytes, int newChunks, int sharedChunks) {

    public Manifest manifest() {
        return encoded.manifest();
    }

    /// The guest's disk.
    public long length() {
        return manifest().shape().length();
    }

    /// What a host without any of it receives.
    public long wireBytes() {
        return manifest().wireBytes();
    }

    /// What the image was packed against.
    public List<ManifestId> parents() {
        return manifest().head().parents();
    }
}
