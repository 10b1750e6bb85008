package dev.muster.bench.sim;

/// A connection of two hosts, with the number by which each end knows the other.
final class Link {
    private final SimulatedHost one;
    private final SimulatedHost other;
    private final int numberOfOther;
    private final int numberOfOne;
    private final boolean near;
    private boolean up = true;

    Link(SimulatedHost one, SimulatedHost other) {
        this.one = one;
        this.other = other;
        this.near = one.site == other.site;
        this.numberOfOther = one.number(this);
        this.numberOfOne = other.number(this);
    }

    SimulatedHost one() {
        return one;
    }

    SimulatedHost other() {
        return other;
    }

    boolean isUp() {
        return up;
    }

    void cut() {
        up = false;
    }

    boolean isNear() {
        return near;
    }

    SimulatedHost end(SimulatedHost self) {
        return self == one ? other : one;
    }

    /// By which number the other end knows `self`.
    int numberOf(SimulatedHost self) {
        return self == one ? numberOfOne : numberOfOther;
    }
}
