package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Somebody at work on an image: what the lease holds is not collected until it is closed. Safe for many threads.
///
/// What is asked for or put through a lease is held first and looked for afterwards. So a chunk that [#has] says
/// is here stays here, and one that was being collected at that moment is not here and has to be put.
///
/// - Who fetches, restores or exports an image takes [ChunkStore#lease(ManifestId)] before the first head, page or
///   chunk of it is asked for, and [#hold]s the manifest as soon as it is known. The lease is durable: for a while
///   after a crash, what is here of the image is held still.
/// - Who makes an image takes [ChunkStore#lease()], holds the manifests whose chunks it uses, and puts chunks,
///   pages and head through the lease. It is forgotten in a crash, and so is the work.
public interface Lease extends ChunkSink, Manifest.Pages, Closeable {
    /// How many chunks, heads and pages one lease holds.
    int HELD_MAX = 1 << 24;

    /// Holds head, pages and chunks of an image, whether they are here or not, and the image itself, if it is
    /// installed.
    ///
    /// @throws StoreRefused if that were more than [#HELD_MAX]
    void hold(Manifest manifest) throws IOException;

    /// Holds a chunk and says whether it is here. False if the lease can hold no more.
    @Override
    boolean has(ChunkId id);

    /// As [ChunkStore#head], and holds it.
    Optional<byte[]> head(ManifestId id) throws IOException;

    /// As [ChunkStore#page], and holds it.
    @Override
    byte[] page(Hash hash) throws IOException;

    /// As [ChunkStore#hasPage], and holds it. False if the lease can hold no more.
    boolean hasPage(Hash hash);

    /// As [ChunkStore#putHead], and holds it.
    void putHead(byte[] head) throws IOException;

    /// As [ChunkStore#putPage], and holds it.
    void putPage(byte[] page) throws IOException;

    /// Lets everything go. Closing it twice does nothing.
    @Override
    void close() throws IOException;
}
