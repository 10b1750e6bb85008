package dev.muster.bench.sim;

/// How a host wrongs its peers. All of them ask for chunks like the others.
public enum Hostility {
    NONE,
    /// Sends frames that are not what they are called.
    WRONG_BYTES,
    /// Answers with another chunk.
    WRONG_CHUNK,
    /// Sends all of a chunk but the last frame.
    STALL,
    /// Sends a frame a second.
    DRIP,
    /// Sends what is asked for and then goes on.
    ENDLESS,
    /// Says that it has what it has not, and does not answer.
    FALSE_BITFIELD;

    /// Whether it says from the beginning that it has every chunk.
    boolean boasts() {
        return switch (this) {
            case WRONG_BYTES, WRONG_CHUNK, STALL, FALSE_BITFIELD -> true;
            case NONE, DRIP, ENDLESS -> false;
        };
    }

    /// Whether what it sends is wrong.
    boolean lies() {
        return this == WRONG_BYTES || this == WRONG_CHUNK;
    }
}
