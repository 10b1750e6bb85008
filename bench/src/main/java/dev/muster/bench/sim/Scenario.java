package dev.muster.bench.sim;

import dev.muster.coordinator.rollout.Bound.Rates;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// What is simulated. The same scenario and seed give the same run.
public record Scenario(Fleet fleet, Image image, Faults faults, long seed) {
    public static final long GIGABIT = 125_000_000;

    /// Who takes part.
    ///
    /// @param wan between each site and all others
    public record Fleet(List<Host> hosts, SequencedMap<String, Rates> wan, Delays delays) {
        public Fleet {
            hosts = List.copyOf(hosts);
            wan = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(wan));
            long sources = hosts.stream().filter(Host::source).count();
            if (sources == 0 || sources == hosts.size()) {
                throw new IllegalArgumentException(sources + " sources among " + hosts.size() + " hosts");
            }
            for (Host host : hosts) {
                if (!wan.containsKey(host.site)) {
                    throw new IllegalArgumentException("no WAN link of site " + host.site);
                }
            }
        }

        /// All alike, and spread evenly over the sites: the first, in the first site, is the source.
        ///
        /// @param hosts how many, with the source
        public Fleet(int hosts, int sites, Rates nic, Rates wan, Delays delays) {
            this(alike(hosts, sites, nic), links(sites, wan), delays);
        }

        private static List<Host> alike(int hosts, int sites, Rates nic) {
            if (hosts < 2 || sites < 1 || sites > hosts) {
                throw new IllegalArgumentException(hosts + " hosts in " + sites + " sites");
            }
            return IntStream.range(0, hosts)
                    .mapToObj(i -> new Host("h" + i, site((int) ((long) i * sites / hosts)), nic, i == 0))
                    .toList();
        }

        private static SequencedMap<String, Rates> links(int sites, Rates wan) {
            SequencedMap<String, Rates> links = new LinkedHashMap<>();
            IntStream.range(0, sites).forEach(i -> links.put(site(i), wan));
            return links;
        }

        private static String site(int index) {
            return "site-" + index;
        }
    }

    /// A host.
    ///
    /// @param nic what its interface does
    /// @param source whether it has the image from the start
    public record Host(String id, String site, Rates nic, boolean source) {}

    /// @param near one way within a site
    /// @param far one way between sites
    /// @param handling from the last byte of a chunk to its announcement
    /// @param diskRate bytes a second of every disk
    /// @param pause a host whose processor others want does nothing for up to so long, again and again
    public record Delays(Duration near, Duration far, Duration handling, long diskRate, Duration pause) {
        public static final Delays USUAL = new Delays(
                Duration.ofNanos(150_000), Duration.ofMillis(10), Duration.ofMillis(1), 1_000_000_000, Duration.ZERO);
    }

    /// @param framesPerChunk into how many parts a chunk of `chunkBytes` is cut on its way; 1 is faster to simulate
    public record Image(int chunks, int chunkBytes, int framesPerChunk) {
        public Image {
            if (chunks < 1 || framesPerChunk < 1 || framesPerChunk > 8) {
                throw new IllegalArgumentException(chunks + " chunks of " + framesPerChunk + " frames");
            }
        }

        public long bytes() {
            return (long) chunks * chunkBytes;
        }
    }

    /// What goes wrong, as shares of all hosts but the sources.
    ///
    /// @param killed die half-way, half of them without a word
    /// @param late join half-way
    /// @param hostile are of one of the kinds of [Hostility]
    /// @param slowDisks have a disk with a tenth of the rate
    /// @param lost share of all messages but image bytes
    /// @param gatewaysKilled whether the first gateway of each site dies half-way
    public record Faults(
            double killed, double late, double hostile, double slowDisks, double lost, boolean gatewaysKilled) {
        public static final Faults NONE = new Faults(0, 0, 0, 0, 0, false);
    }
}
