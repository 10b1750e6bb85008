package dev.muster.bench.lab;

/// The least seconds in which any program can bring so many bytes to all receivers of a topology.
final class LowerBound {
    private LowerBound() {}

    static double seconds(Topology topology, long bytes) {
        int receivers = topology.receivers().size();
        double rate = topology.rate();
        double lan = Math.max(bytes / rate, receivers * (double) bytes / ((receivers + 1) * rate));
        if (topology.sites() == 1) {
            return lan;
        }
        double wan = topology.wan();
        int others = topology.sites() - 1;
        return Math.max(lan, Math.max(bytes / wan, others * (double) bytes / (topology.sites() * wan)));
    }
}
