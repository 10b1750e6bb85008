package dev.muster.agent.swarm;

/// Another site, or this one, as far as peers of it take part.
final class Site {
    final String name;

    /// What it scores with.
    final long number;

    /// How many peers of it take part.
    int peers;

    /// The most chunks that a peer of it was heard to have.
    int most;

    /// How many of those had the whole image when they joined.
    int sources;

    Site(String name) {
        this.name = name;
        this.number = Rendezvous.of(name);
    }
}
