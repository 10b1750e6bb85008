package dev.muster.agent.upkeep;

import java.time.Duration;

/// How often everything in the store is read, and how fast.
///
/// @param every from the end of one scrub to the start of the next; zero: only when asked
/// @param bytesPerSecond at most
public record ScrubRule(Duration every, long bytesPerSecond) {
    public ScrubRule {
        if (every.isNegative() || bytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "a scrub reads something now and then, not " + bytesPerSecond + " bytes a second every " + every);
        }
    }
}
