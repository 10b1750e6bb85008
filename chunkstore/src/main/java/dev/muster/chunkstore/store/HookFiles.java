package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The hooks ([Block#isHook]) of the images that are here, each image's in a file: `hooks/<manifest id>`. For
/// many threads; one reads or writes at a time.
///
/// What is in these files follows from manifests and chunk headers, and is computed from them where a file is
/// missing or damaged. They need not be durable.
///
/// ```
///  0 "MSTRHOOK" | 8 u16 version = 1 | 10 u16 0 | 12 manifest id | 44 u32 hooks
/// 48 hooks x the first 8 bytes of its name, each once, in the order of signed big-endian numbers | CRC
/// ```
final class HookFiles {
    /// About 512 GiB of blocks have so many. Of an image with more, the rest are not found.
    static final int HOOKS_MAX = 1 << 22;

    private static final Logger LOG = System.getLogger(HookFiles.class.getName());
    private static final String MAGIC = "MSTRHOOK";
    private static final int HEAD_BYTES = 48;
    private static final int BYTES_MAX = HEAD_BYTES + HOOKS_MAX * Long.BYTES + Checksum.BYTES;

    private final Disk disk;
    private final Path directory;
    private final ChunkSource headers;
    private final Manifests manifests;
    private final ReentrantLock lock = new ReentrantLock();

    /// Where installed manifests come from.
    interface Manifests {
        Manifest manifest(ManifestId id) throws IOException;
    }

    /// @param directory is made when it is needed
    HookFiles(Disk disk, Path directory, ChunkSource headers, Manifests manifests) {
        this.disk = disk;
        this.directory = directory;
        this.headers = headers;
        this.manifests = manifests;
    }

    /// The hooks of all chunks of an image, as [#key] has them, sorted. The first time is slow: a header is
    /// read for each chunk.
    ///
    /// @throws dev.muster.protocol.MusterException if its manifest cannot be read
    long[] of(ManifestId id) throws IOException {
        lock.lock();
        try {
            Optional<long[]> kept = read(id);
            return kept.isPresent() ? kept.get() : compute(id);
        } finally {
            lock.unlock();
        }
    }

    /// What a file has of a hook's name: a number of the same order on any machine.
    static long key(Hash hook) {
        return hook.a();
    }

    /// Deletes the files of images that are not here any more, and what was being written when the power
    /// failed.
    void keepOnly(Collection<ManifestId> installed) throws IOException {
        Set<String> names = installed.stream().map(id -> id.hash().hex()).collect(Collectors.toSet());
        lock.lock();
        try {
            if (disk.exists(directory)) {
                for (String name : disk.list(directory)) {
                    if (!names.contains(name)) {
                        disk.delete(directory.resolve(name));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long[] compute(ManifestId id) throws IOException {
        LongStream.Builder found = LongStream.builder();
        boolean whole = true;
        for (ChunkEntry chunk : manifests.manifest(id).chunks()) {
            Optional<ChunkHeader> header = headers.header(chunk.id());
            whole &= header.isPresent();
            for (int i = 0; header.isPresent() && i < header.get().blocks(); i++) {
                Hash name = header.get().block(i);
                if (Block.isHook(name)) {
                    found.add(key(name));
                }
            }
        }
        long[] hooks = found.build().limit(HOOKS_MAX).sorted().distinct().toArray();
        if (whole) {
            write(id, hooks);
        }
        return hooks;
    }

    private Optional<long[]> read(ManifestId id) {
        Path file = directory.resolve(id.hash().hex());
        try {
            return disk.exists(file) ? Optional.of(decode(id, disk.read(file, BYTES_MAX))) : Optional.empty();
        } catch (IOException e) {
            LOG.log(Level.INFO, "hooks of an image are computed again: file={0} found={1}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private void write(ManifestId id, long[] hooks) {
        try {
            if (!disk.exists(directory)) {
                disk.makeDirectory(directory);
            }
            disk.replace(directory.resolve(id.hash().hex()), encode(id, hooks));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "hooks of an image not kept: manifest={0} found={1}", id, e.getMessage());
        }
    }

    static byte[] encode(ManifestId id, long[] hooks) {
        ByteWriter out = new ByteWriter(HEAD_BYTES).magic(MAGIC).u16(1).u16(0);
        id.hash().write(out);
        ByteBuffer keys = ByteBuffer.allocate(hooks.length * Long.BYTES);
        keys.asLongBuffer().put(hooks);
        return Checksum.append(out.u32(hooks.length).bytes(keys));
    }

    static long[] decode(ManifestId id, byte[] bytes) throws Corrupt {
        ByteReader in = Checksum.check("hooks of " + id, ByteBuffer.wrap(bytes));
        Checksum.header(in, MAGIC);
        Hash found = Hash.read(in);
        if (!found.equals(id.hash())) {
            throw in.refuse("those of that image", found);
        }
        long[] hooks = new long[in.count(HOOKS_MAX, Long.BYTES)];
        in.view(hooks.length * Long.BYTES)
                .order(ByteOrder.BIG_ENDIAN)
                .asLongBuffer()
                .get(hooks);
        in.end();
        return hooks;
    }
}
