package dev.muster.chunkstore.volume;

import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A target that counts as a place of chunks, and what has become of it.
///
/// @param target the file or block device
/// @param spill chunks of the store that hold blocks which the target has lost or is about to lose, and which
///     chunks that lie on it still need
public record Volume(Path target, State state, List<ChunkId> spill) {
    /// 1 TiB of spilled blocks, at the most.
    static final int SPILL_MAX = 1 << 20;

    public Volume {
        spill = List.copyOf(spill);
        if (spill.size() > SPILL_MAX) {
            throw new IllegalArgumentException("a volume spills at most " + SPILL_MAX + " chunks, not " + spill.size());
        }
    }

    /// What lies on a target.
    public sealed interface State {
        /// The images whose blocks may lie there, or in its spill.
        List<ManifestId> manifests();
    }

    /// Some of an image, as its chunks arrive.
    public record Filling(ManifestId to) implements State {
        @Override
        public List<ManifestId> manifests() {
            return List.of(to);
        }
    }

    /// An image.
    ///
    /// @param undo the image that was there before, if it can be had back without a network
    public record Whole(ManifestId current, Optional<ManifestId> undo) implements State {
        @Override
        public List<ManifestId> manifests() {
            return Stream.concat(Stream.of(current), undo.stream()).toList();
        }
    }

    /// Parts of two images: it is on the way from one to the other.
    public record Converting(ManifestId from, ManifestId to, Undo undo) implements State {
        @Override
        public List<ManifestId> manifests() {
            return List.of(from, to);
        }
    }

    /// Nothing that counts: its chunks are being forgotten.
    public record Releasing(List<ManifestId> manifests) implements State {
        public Releasing {
            manifests = List.copyOf(manifests);
        }
    }

    Volume with(State other, List<ChunkId> otherSpill) {
        return new Volume(target, other, otherSpill);
    }
}
