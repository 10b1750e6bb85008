package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything that a host keeps: chunks, manifests, and refs, which say what it runs. Safe for many threads.
///
/// When room is needed, or [#collect] is called, what nothing keeps goes: no ref, no [Lease], no other root. So
/// whoever relies on several calls, such as putting the chunks of an image and installing it, makes them under a
/// lease.
public interface ChunkStore extends ChunkSource, ChunkSink, Manifest.Pages, Closeable {

    @Override
    default List<Presence> presence(List<ChunkId> ids) throws IOException {
        return ids.stream()
                .map(id -> has(id) ? Presence.FRAMES : Presence.ABSENT)
                .toList();
    }

    /// Keeps a head, durably. What it names may still be on its way.
    void putHead(byte[] head) throws IOException;

    /// Keeps a page, durably, under its hash.
    void putPage(byte[] page) throws IOException;

    Optional<byte[]> head(ManifestId id) throws IOException;

    /// A page that is kept here.
    ///
    /// @throws Unknown if it is not
    @Override
    byte[] page(Hash hash) throws IOException;

    boolean hasPage(Hash hash);

    /// The manifest of an image whose head and pages are here. Its chunks need not be.
    ///
    /// @throws Unknown if the head or a page is not
    default Manifest manifest(ManifestId id) throws IOException {
        byte[] head = head(id).orElseThrow(() -> new Unknown("manifest " + id + ": expected its head, found none"));
        return Manifest.read(ManifestHead.verify(id, head), this);
    }

    /// Records that the image is whole here: head, pages and every chunk, all durable.
    ///
    /// @throws dev.muster.protocol.MusterException.Unreachable if a chunk is not here; it may have rotted since
    /// @throws dev.muster.protocol.MusterException.Unknown if the head is not here
    void install(Manifest manifest) throws IOException;

    /// The manifests that are whole here.
    List<ManifestId> installed();

    Optional<Ref> ref(String name) throws IOException;

    /// Every ref, by name.
    List<Ref> refs() throws IOException;

    /// Makes an installed manifest the current one of a name, durably; what was current becomes the first of the
    /// previous. Nothing happens if it is the current one already.
    ///
    /// @throws IllegalStateException if the manifest is not installed
    Ref point(String name, ManifestId manifest) throws IOException;

    /// Makes sure that chunks of so many bytes can be put, as things are now; what nothing keeps makes place for them.
    ///
    /// @throws dev.muster.protocol.MusterException.StoreRefused if they cannot
    void requireRoom(long bytes) throws IOException;

    /// Forgets all but the newest `previous` images that a name ran before; they are kept no longer.
    ///
    /// @return empty if there is no such ref
    Optional<Ref> trim(String name, int previous) throws IOException;

    /// Forgets a name; what it ran is kept no longer.
    ///
    /// @return whether there was such a ref
    boolean drop(String name) throws IOException;

    /// Holds what is here of an image, now and, for a while, after a crash. Returns when that is durable.
    ///
    /// @throws dev.muster.protocol.MusterException.StoreRefused if there are too many leases
    Lease lease(ManifestId manifest) throws IOException;

    /// For an image that has no manifest yet: holds what is asked for or put through it.
    ///
    /// @throws dev.muster.protocol.MusterException.StoreRefused if there are too many leases
    Lease lease() throws IOException;

    /// From now on these stay too.
    void addRoots(Roots roots);

    /// Frees what nothing keeps: no ref (current or previous), no lease, no other root. One collection runs at a
    /// time, while everybody reads and writes. Reports the phase `free`.
    ///
    /// @throws dev.muster.protocol.MusterException.Corrupt if the manifest of an image that stays cannot be read
    CollectReport collect(Goal goal, Progress progress) throws IOException;

    /// What [#collect] would do now.
    CollectPlan plan(Goal goal) throws IOException;

    /// The installed images that are the likeliest parents of one that has these hooks, the best first. A store that
    /// does not know any says so.
    ///
    /// @param hooks a sample of the image's: see [dev.muster.chunkstore.pack.Hooks]
    default List<ManifestId> likely(Collection<Hash> hooks, int max) throws IOException {
        return List.of();
    }

    /// How large it is.
    StoreStat stat() throws IOException;

    /// What a name runs.
    ///
    /// @param name `[a-z0-9][a-z0-9._-]{0,63}`
    /// @param previous what it ran before, newest first, at most [#PREVIOUS_MAX]
    /// @param generation goes up with every change
    record Ref(String name, ManifestId current, List<ManifestId> previous, long generation) {
        public static final int PREVIOUS_MAX = 8;
        static final int NAME_MAX = 64;

        public Ref {
            previous = List.copyOf(previous);
            if (previous.size() > PREVIOUS_MAX) {
                throw new IllegalArgumentException("at most 8 previous images, not " + previous.size());
            }
        }

        /// The ref after pointing it to another image. Pointing back to the first of the previous ones swaps
        /// the two: that is a rollback.
        public Ref pointedTo(ManifestId manifest) {
            List<ManifestId> before = Stream.concat(Stream.of(current), previous.stream())
                    .filter(id -> !id.equals(manifest))
                    .limit(PREVIOUS_MAX)
                    .toList();
            return new Ref(name, manifest, before, generation + 1);
        }

        /// With no more than so many previous ones.
        Ref trimmedTo(int count) {
            return new Ref(name, current, previous.subList(0, Math.min(count, previous.size())), generation + 1);
        }

        /// Without that image; if it is the current one, the newest of the previous ones takes its place.
        ///
        /// @return empty if it had no other
        Optional<Ref> without(ManifestId manifest) {
            List<ManifestId> left = Stream.concat(Stream.of(current), previous.stream())
                    .filter(id -> !id.equals(manifest))
                    .toList();
            return left.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Ref(name, left.getFirst(), left.subList(1, left.size()), generation + 1));
        }

        static boolean isName(String name) {
            return name.matches("[a-z0-9][a-z0-9._-]{0,63}");
        }

        static String checkName(String name) {
            if (!isName(name)) {
                throw new IllegalArgumentException("not a name of an image: " + name);
            }
            return name;
        }
    }
}
