package dev.muster.bench.lab;

/// What is wrong with Muster's hosts: some from the start, the others when half of all bytes have arrived.
///
/// @param hostile which part of the receivers is a [HostilePeer], of each kind in turn
/// @param gateway whether the receiver that took the most across the WAN is killed
/// @param killed which part of the receivers is killed
/// @param late which part of the receivers only starts then
record Disruption(double hostile, boolean gateway, double killed, double late) {
    static final Disruption NONE = new Disruption(0, false, 0, 0);

    private static final double MOST = 0.9;

    Disruption {
        if (hostile < 0 || killed < 0 || late < 0 || hostile + killed + late > MOST) {
            throw new IllegalArgumentException("expected at most 90 % of the hosts hostile, killed or late, found "
                    + hostile + ", " + killed + " and " + late);
        }
    }

    /// Whether anything happens half-way.
    boolean isHalfway() {
        return gateway || killed > 0 || late > 0;
    }
}
