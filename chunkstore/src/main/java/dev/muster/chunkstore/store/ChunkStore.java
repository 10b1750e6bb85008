package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Everything that a host keeps: chunks, manifests, and refs, which say what it runs. Safe for many threads.
public interface ChunkStore extends ChunkSource, ChunkSink, Manifest.Pages, Closeable {

    /// Keeps a head, durably. What it names may still be on its way.
    void putHead(byte[] head) throws IOException;

    /// Keeps a page, durably, under its hash.
    void putPage(byte[] page) throws IOException;

    Optional<byte[]> head(ManifestId id) throws IOException;

    /// A page that is kept here.
    ///
    /// @throws dev.muster.protocol.MusterException.Unknown if it is not
    @Override
    byte[] page(Hash hash) throws IOException;

    boolean hasPage(Hash hash);

    /// Records that the image is whole here: head, pages and every chunk, all durable.
    ///
    /// @throws IllegalStateException if a chunk has no place
    void install(Manifest manifest) throws IOException;

    /// The manifests that are whole here.
    List<ManifestId> installed();

    Optional<Ref> ref(String name) throws IOException;

    /// Every ref, by name.
    List<Ref> refs() throws IOException;

    /// Makes an installed manifest the current one of a name; what was current becomes the first of the previous.
    ///
    /// @throws IllegalStateException if the manifest is not installed
    Ref point(String name, ManifestId manifest) throws IOException;

    /// What a name runs.
    ///
    /// @param previous what it ran before, newest first
    /// @param generation goes up with every change
    record Ref(String name, ManifestId current, List<ManifestId> previous, long generation) {
        public Ref {
            previous = List.copyOf(previous);
        }
    }
}
