package dev.muster.bench.plan;

import dev.muster.bench.sim.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// As much of a fleet and of an image as there is time to simulate.
///
/// @param chunks of the image
/// @param whole whether nothing was left out
record Sample(Scenario.Fleet fleet, int chunks, int chunkBytes, boolean whole) {
    static final int CHUNK_BYTES = 1 << 20;

    /// So many chunks on hosts are simulated.
    private static final long COPIES_MAX = 1 << 17;

    private static final int CHUNKS_MIN = 256;
    private static final int CHUNKS_MAX = 1024;
    private static final int HOSTS_OF_SITE_MIN = 4;

    /// @param bytes of the image, as it is sent
    static Sample of(Scenario.Fleet fleet, long bytes) {
        long real = Math.max(1, Math.ceilDiv(bytes, CHUNK_BYTES));
        long most = Math.clamp(COPIES_MAX / fleet.hosts().size(), CHUNKS_MIN, CHUNKS_MAX);
        int chunks = (int) Math.min(real, most);
        int chunkBytes = chunks == real ? (int) Math.ceilDiv(bytes, chunks) : CHUNK_BYTES;
        double share = COPIES_MAX / (double) chunks / fleet.hosts().size();
        Scenario.Fleet some = share >= 1 ? fleet : new Scenario.Fleet(some(fleet, share), fleet.wan(), fleet.delays());
        return new Sample(some, chunks, chunkBytes, share >= 1 && chunks == real);
    }

    /// The same with half of its chunks.
    Sample half() {
        return new Sample(fleet, Math.max(1, chunks / 2), chunkBytes, false);
    }

    Scenario scenario(long seed) {
        return new Scenario(fleet, new Scenario.Image(chunks, chunkBytes, 1), Scenario.Faults.NONE, seed);
    }

    long bytes() {
        return (long) chunks * chunkBytes;
    }

    /// A share of the sources and of the others of each site, from the slowest to the fastest.
    private static List<Scenario.Host> some(Scenario.Fleet fleet, double share) {
        SequencedMap<String, List<Scenario.Host>> parts = new TreeMap<>();
        for (Scenario.Host host : fleet.hosts()) {
            parts.computeIfAbsent(host.site() + (host.source() ? " s" : " r"), _ -> new ArrayList<>())
                    .add(host);
        }
        List<Scenario.Host> some = new ArrayList<>();
        for (List<Scenario.Host> part : parts.values()) {
            part.sort(
                    Comparator.comparingLong((Scenario.Host host) -> host.nic().down())
                            .thenComparing(Scenario.Host::id));
            int count = (int) Math.min(part.size(), Math.max(HOSTS_OF_SITE_MIN, Math.round(share * part.size())));
            for (int i = 0; i < count; i++) {
                some.add(part.get((int) ((long) i * part.size() / count)));
            }
        }
        return some;
    }
}
