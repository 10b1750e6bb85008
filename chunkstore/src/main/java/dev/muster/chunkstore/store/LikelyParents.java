package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/// Finds the images that one resembles, by the hooks that they share.
final class LikelyParents {
    /// Of the sample, a parent must add so much to what is shared. Less is by chance: what all file systems
    /// have.
    static final int SHARED_PERCENT_MIN = 3;

    private static final Logger LOG = System.getLogger(LikelyParents.class.getName());

    private final HookFiles hooks;

    LikelyParents(HookFiles hooks) {
        this.hooks = hooks;
    }

    /// An image, and which hooks of the sample it has, by their positions.
    private record Candidate(ManifestId id, BitSet shared) {
        int countOf(BitSet some) {
            BitSet both = (BitSet) some.clone();
            both.and(shared);
            return both.cardinality();
        }
    }

    /// The best parents among the images that are here: the one that shares most hooks of the sample, and
    /// then, again and again, the one that shares most of those that none before it has. So an image that was
    /// put together from two others finds both, and not three versions of one. Of equals the first one is
    /// taken.
    ///
    /// @param sample hooks of the image that seeks parents
    /// @param installed the images to choose from
    /// @param max how many are chosen at most
    List<ManifestId> of(Collection<Hash> sample, Collection<ManifestId> installed, int max) throws IOException {
        long[] sought =
                sample.stream().mapToLong(HookFiles::key).sorted().distinct().toArray();
        List<Candidate> candidates = new ArrayList<>();
        for (ManifestId id : installed) {
            candidates.add(new Candidate(id, shared(sought, id)));
        }
        BitSet missing = new BitSet();
        missing.set(0, sought.length);
        List<ManifestId> chosen = new ArrayList<>();
        while (chosen.size() < max && !candidates.isEmpty()) {
            Candidate best = candidates.getFirst();
            for (Candidate candidate : candidates) {
                best = candidate.countOf(missing) > best.countOf(missing) ? candidate : best;
            }
            int gain = best.countOf(missing);
            if (gain == 0 || gain * 100L < sought.length * (long) SHARED_PERCENT_MIN) {
                break;
            }
            missing.andNot(best.shared);
            candidates.remove(best);
            chosen.add(best.id);
        }
        return chosen;
    }

    private BitSet shared(long[] sought, ManifestId id) throws IOException {
        BitSet shared = new BitSet();
        try {
            long[] theirs = hooks.of(id);
            for (int i = 0; i < sought.length; i++) {
                shared.set(i, Arrays.binarySearch(theirs, sought[i]) >= 0);
            }
        } catch (Corrupt | Unknown e) {
            LOG.log(Level.WARNING, "image not considered as a parent: manifest={0} found={1}", id, e.getMessage());
        }
        return shared;
    }
}
