package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// The hooks ([dev.muster.protocol.content.Block#isHook]) of the images that are here, each in a file, so that an image
/// finds its parents without anybody naming them. For many threads.
///
/// What is in these files can be computed from manifests and chunk headers, and is, where a file is missing or damaged.
final class HookFiles {
    private final Disk disk;
    private final Path directory;
    private final ChunkSource headers;
    private final Manifests manifests;

    /// Where the manifests come from that are installed.
    interface Manifests {
        Manifest manifest(ManifestId id) throws IOException;
    }

    HookFiles(Disk disk, Path directory, ChunkSource headers, Manifests manifests) {
        this.disk = disk;
        this.directory = directory;
        this.headers = headers;
        this.manifests = manifests;
    }

    /// Which of the images make the best parents of one that has these hooks: the one that shares most of them first,
    /// and then always the one that shares most of those that none before it has. Who adds under 3 % is not named.
    ///
    /// @param max how many are named at most
    List<ManifestId> likely(Collection<Hash> sample, Collection<ManifestId> installed, int max) throws IOException {
        return List.of();
    }
}
