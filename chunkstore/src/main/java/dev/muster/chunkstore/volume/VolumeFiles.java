package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.store.Checksum;
import dev.muster.chunkstore.volume.Volume.Converting;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.chunkstore.volume.Volume.Releasing;
import dev.muster.chunkstore.volume.Volume.State;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The volumes of a store, each in a file named for its target. The layout is in this package's
/// documentation. For one thread at a time.
final class VolumeFiles {
    private static final String MAGIC = "MSTRVOLM";
    private static final String SUFFIX = ".volume";
    private static final int PATH_BYTES_MAX = 4096;
    private static final int BYTES_MAX = 8192 + Volume.SPILL_MAX * Hash.BYTES;
    private static final int NAME_DIGITS = 16;

    private final Disk disk;
    private final Path directory;

    private VolumeFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /// Clears up after a crash: what was being written goes, and what is there is there for good.
    static VolumeFiles open(Disk disk, Path directory) throws IOException {
        disk.makeDirectory(directory);
        for (String name : disk.list(directory)) {
            if (name.endsWith(Disk.PART)) {
                disk.delete(directory.resolve(name));
            }
        }
        disk.forceDirectory(directory);
        return new VolumeFiles(disk, directory);
    }

    /// Those that are whole.
    ///
    /// @param damaged hears of each of the others
    List<Volume> all(Consumer<Corrupt> damaged) throws IOException {
        List<Volume> volumes = new ArrayList<>();
        for (String name : disk.list(directory)) {
            if (name.endsWith(SUFFIX)) {
                try {
                    volumes.add(decode(name, disk.read(directory.resolve(name), BYTES_MAX)));
                } catch (Corrupt e) {
                    damaged.accept(e);
                }
            }
        }
        return volumes;
    }

    /// Returns when this is what is known of the volume's target for good.
    void put(Volume volume) throws IOException {
        disk.replace(file(volume.target(), SUFFIX), encode(volume));
    }

    /// Nothing is known of the target any more.
    void delete(Path target) throws IOException {
        disk.delete(file(target, SUFFIX));
        disk.forceDirectory(directory);
    }

    /// Another file of the volume on that target.
    Path file(Path target, String suffix) {
        String hex = Hash.of(target.toString().getBytes(StandardCharsets.UTF_8)).hex();
        return directory.resolve(hex.substring(0, NAME_DIGITS) + suffix);
    }

    static byte[] encode(Volume volume) {
        ByteWriter out = new ByteWriter(512).magic(MAGIC).u16(1).u16(0);
        out.text(volume.target().toString());
        switch (volume.state()) {
            case Filling(ManifestId to) -> ids(1, List.of(to), out);
            case Whole(ManifestId current, Optional<ManifestId> undo) -> {
                List<ManifestId> both = new ArrayList<>(List.of(current));
                undo.ifPresent(both::add);
                ids(2, both, out);
            }
            case Converting(ManifestId from, ManifestId to, Undo undo) ->
                ids(undo == Undo.KEEP ? 3 : 4, List.of(from, to), out);
            case Releasing(List<ManifestId> manifests) -> ids(5, manifests, out);
        }
        out.u32(volume.spill().size());
        for (ChunkId id : volume.spill()) {
            id.hash().write(out);
        }
        return Checksum.append(out);
    }

    /// @throws StoreRefused if this process cannot call the target what it is called
    static Volume decode(String name, byte[] bytes) throws Corrupt, StoreRefused {
        ByteReader in = Checksum.check("volume " + name, ByteBuffer.wrap(bytes));
        Checksum.header(in, MAGIC);
        Path target = target(name, in.text(PATH_BYTES_MAX));
        int kind = in.u8();
        List<ManifestId> ids = new ArrayList<>();
        for (int left = in.u8(2); left > 0; left--) {
            ids.add(new ManifestId(Hash.read(in)));
        }
        State state = state(kind, ids, in);
        int count = in.count(Volume.SPILL_MAX, Hash.BYTES);
        List<ChunkId> spill = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            spill.add(new ChunkId(Hash.read(in)));
        }
        in.end();
        return new Volume(target, state, spill);
    }

    /// The locale decides which names there can be. A volume that was made under another one is no damaged one.
    private static Path target(String name, String target) throws StoreRefused {
        try {
            return Path.of(target);
        } catch (InvalidPathException e) {
            throw new StoreRefused(
                    "volume " + name + ": expected a target that file names can have (in "
                            + System.getProperty("sun.jnu.encoding") + "), found " + target
                            + "; start with LC_ALL=C.UTF-8",
                    e);
        }
    }

    private static void ids(int kind, List<ManifestId> ids, ByteWriter out) {
        out.u8(kind).u8(ids.size());
        for (ManifestId id : ids) {
            id.hash().write(out);
        }
    }

    private static State state(int kind, List<ManifestId> ids, ByteReader in) throws Corrupt {
        int expected = kind == 1 ? 1 : kind == 2 ? Math.max(1, ids.size()) : kind == 5 ? ids.size() : 2;
        if (ids.size() != expected) {
            throw in.refuse(expected + " manifests in state " + kind, ids.size());
        }
        return switch (kind) {
            case 1 -> new Filling(ids.getFirst());
            case 2 -> new Whole(ids.getFirst(), ids.stream().skip(1).findFirst());
            case 3 -> new Converting(ids.getFirst(), ids.getLast(), Undo.KEEP);
            case 4 -> new Converting(ids.getFirst(), ids.getLast(), Undo.GIVE_UP);
            case 5 -> new Releasing(ids);
            default -> throw in.refuse("a volume's state, 1 to 5", kind);
        };
    }
}
