package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.CollectPlan.Fate;
import dev.muster.chunkstore.store.CollectPlan.Image;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which images name which chunks, in about 30 bytes for each chunk that is named.
///
/// Images get numbers: those that nothing keeps from 1 on, in the order in which they would go, and after them those
/// that something keeps. A chunk has the highest number of an image that names it, and 0 if there is none. So a chunk
/// may go when all images up to its number have gone, and one that is kept never may.
///
/// For one thread at a time.
final class Survey {
    private final Contents contents;
    private final ManifestFiles files;
    private final List<ManifestId> cached = new ArrayList<>();

    /// How many of them are to go after the others.
    private final int last;

    private final Set<ManifestId> kept = new LinkedHashSet<>();

    /// By chunk, twice the number, and one more if several images name it.
    private final HashTable numbers = new HashTable();

    /// By number, the bytes of the chunks that have it.
    private final long[] bytes;

    /// By number, the bytes of those that no other image names.
    private final long[] exclusive;

    private Optional<ManifestId> unreadable = Optional.empty();

    private Survey(Contents contents, ManifestFiles files, Set<ManifestId> roots, Set<ManifestId> last) {
        this.contents = contents;
        this.files = files;
        List<ManifestId> late = new ArrayList<>();
        for (ManifestId id : List.copyOf(contents.installed())) {
            Collection<ManifestId> those = roots.contains(id) ? kept : last.contains(id) ? late : cached;
            those.add(id);
        }
        this.cached.addAll(late);
        this.last = late.size();
        this.bytes = new long[other() + 1];
        this.exclusive = new long[other() + 1];
    }

    /// What things are like now. Roots are asked for before installed images.
    static Survey of(Contents contents, ManifestFiles files, Roots roots, Leases leases) throws IOException {
        Set<ManifestId> keeping = roots.manifests();
        Survey survey = new Survey(contents, files, keeping, roots.last());
        for (int i = 0; i < survey.cached.size(); i++) {
            survey.name(survey.cached.get(i), i + 1);
        }
        int number = survey.cached.size();
        for (ManifestId id : survey.kept) {
            number++;
            if (!survey.name(id, number)) {
                survey.unreadable = Optional.of(id);
            }
        }
        for (ManifestId id : keeping) {
            if (!survey.kept.contains(id)) {
                survey.name(id, survey.other());
            }
        }
        roots.chunks(id -> survey.name(id, survey.other()));
        survey.measure(leases);
        return survey;
    }

    /// @throws Corrupt if there is no telling which chunks an image has that something keeps
    void requireReadable() throws Corrupt {
        if (unreadable.isPresent()) {
            throw new Corrupt("manifest " + unreadable.get()
                    + ": expected head and pages of an image that is kept, found some missing or damaged; nothing is"
                    + " collected before they have been fetched again");
        }
    }

    /// Installed images that nothing keeps, in the order in which they go.
    List<ManifestId> cached() {
        return cached;
    }

    /// Installed images that something keeps.
    Set<ManifestId> kept() {
        return kept;
    }

    /// Whether a chunk may go when the first `gone` of the cached images have gone.
    boolean mayGo(ChunkId id, int gone) {
        return number(id) <= gone;
    }

    /// Whether that cached image is to go after the others.
    boolean isLast(int i) {
        return i >= cached.size() - last;
    }

    /// An image that is here stays after all.
    void keep(ManifestId id) throws IOException {
        if (!name(id, other())) {
            unreadable = Optional.of(id);
            requireReadable();
        }
    }

    /// How many of the cached images have to go so that the goal is reached, or as nearly as it may be.
    ///
    /// @param gone how many of them have gone already, with what nobody names
    /// @param freed how many bytes that gave
    int enough(int gone, Goal goal, long freed) {
        int enough = gone;
        int most = cached.size() - (goal.last() ? 0 : last);
        while (freed < goal.bytes() && enough < most) {
            enough++;
            freed += bytes[enough];
        }
        return enough;
    }

    CollectPlan plan(Goal goal) throws IOException {
        int gone = gone(goal);
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < cached.size(); i++) {
            images.add(image(cached.get(i), i + 1, i < gone ? Fate.GOES : isLast(i) ? Fate.LAST : Fate.CACHED));
        }
        for (ManifestId id : kept) {
            images.add(image(id, images.size() + 1, Fate.KEPT));
        }
        return new CollectPlan(images, bytes[0], bytes(cached.size()), bytes(gone));
    }

    /// How much a collection would free.
    long freed(Goal goal) {
        return bytes(gone(goal));
    }

    /// What a collection of everything would free.
    long reclaimable() {
        return bytes(cached.size());
    }

    private int gone(Goal goal) {
        return enough(0, goal, bytes[0]);
    }

    private long bytes(int gone) {
        long sum = 0;
        for (int number = 0; number <= gone; number++) {
            sum += bytes[number];
        }
        return sum;
    }

    private Image image(ManifestId id, int number, Fate fate) throws IOException {
        long[] all = new long[1];
        new ManifestNames(files)
                .chunks(
                        id,
                        chunk -> all[0] +=
                                contents.chunks().find(chunk).map(Place::bytes).orElse(0));
        return new Image(id, fate, all[0], exclusive[number]);
    }

    /// The number of what is kept, though by no installed image.
    private int other() {
        return cached.size() + kept.size() + 1;
    }

    private int number(ChunkId id) {
        return numbers.get(id.hash()) >> 1;
    }

    /// @return whether all that the image names is known
    private boolean name(ManifestId id, int number) throws IOException {
        ManifestNames names = new ManifestNames(files);
        names.chunks(id, chunk -> name(chunk, number));
        return names.isWhole();
    }

    private void name(ChunkId id, int number) {
        int before = number(id);
        numbers.put(id.hash(), before == 0 ? number << 1 : Math.max(before, number) << 1 | 1);
    }

    private void measure(Leases leases) {
        for (Map.Entry<ChunkId, Place> chunk : contents.chunks().entries()) {
            int number = number(chunk.getKey());
            if (number <= cached.size() && leases.holds(chunk.getKey().hash())) {
                continue;
            }
            bytes[number] += chunk.getValue().bytes();
            if ((numbers.get(chunk.getKey().hash()) & 1) == 0) {
                exclusive[number] += chunk.getValue().bytes();
            }
        }
    }
}
