package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The headers of a manifest's chunks; those that were used lately are remembered, since an image comes back
/// to a chunk again and again. For many threads.
final class Headers {
    /// 8 MiB of them.
    private static final int REMEMBERED_MAX = 1024;

    private final Manifest manifest;
    private final ChunkSource source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, ChunkHeader> remembered = new LinkedHashMap<>(16, 0.75f, true);

    Headers(Manifest manifest, ChunkSource source) {
        this.manifest = manifest;
        this.source = source;
    }

    /// @param chunk index into the manifest's chunk table
    /// @throws Unreachable if the source does not have it
    ChunkHeader get(int chunk) throws IOException {
        lock.lock();
        try {
            ChunkHeader known = remembered.get(chunk);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        ChunkHeader header = read(manifest.chunks().get(chunk));
        lock.lock();
        try {
            remembered.put(chunk, header);
            if (remembered.size() > REMEMBERED_MAX) {
                remembered.remove(remembered.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
        return header;
    }

    private ChunkHeader read(ChunkEntry entry) throws IOException {
        ChunkHeader header = source.header(entry.id())
                .orElseThrow(
                        () -> new Unreachable("no header of chunk " + entry.id() + " of manifest " + manifest.id()));
        if (header.blocks() != entry.blocks()) {
            throw new Corrupt("chunk " + entry.id() + ": expected " + entry.blocks() + " blocks as manifest "
                    + manifest.id() + " says, found " + header.blocks());
        }
        return header;
    }
}
