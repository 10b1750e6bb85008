package dev.muster.bench.lab;

/// What happens to the hosts when half of all bytes have arrived.
///
/// @param gateway whether the receiver that took the most across the WAN is killed
/// @param killed which part of the receivers is killed
/// @param late which part of the receivers only starts then
record Disruption(boolean gateway, double killed, double late) {
    static final Disruption NONE = new Disruption(false, 0, 0);

    Disruption {
        if (killed < 0 || late < 0 || killed + late > 0.9) {
            throw new IllegalArgumentException("expected at most 90 % of the hosts killed or late, found " + killed
                    + " and " + late);
        }
    }

    boolean isNone() {
        return equals(NONE);
    }
}
