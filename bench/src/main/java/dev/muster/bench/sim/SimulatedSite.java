package dev.muster.bench.sim;

import dev.muster.coordinator.rollout.Bound.Rates;

/// A site and its WAN link.
final class SimulatedSite {
    final String name;
    final Pipe out;
    final Pipe in;

    SimulatedSite(String name, Rates wan) {
        this.name = name;
        this.out = new Pipe(wan.up());
        this.in = new Pipe(wan.down());
    }
}
