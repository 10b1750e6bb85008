package dev.muster.agent.swarm;

/// Scores by which hosts that know the same names agree without a word: of those that may do a thing, the one with the
/// greatest score does. Who comes or goes moves only what falls to it (Thaler and Ravishankar, "Using Name-Based
/// Mappings to Increase Hit Rates", 1998). Not for secrets: a name can be chosen to win.
final class Rendezvous {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /// A number for a name: FNV-1a, mixed.
    static long of(String name) {
        long hash = FNV_BASIS;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return mixed(hash);
    }

    /// The score of two numbers together.
    static long score(long one, long other) {
        return mixed(one + Long.rotateLeft(mixed(other), 32));
    }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private static long mixed(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
