package dev.muster.protocol.trust.key;

import java.time.Duration;
import java.time.Instant;

/// When a certificate is good: both ends included, whole seconds.
public record Validity(Instant notBefore, Instant notAfter) {
    /// How long before its making a certificate begins, for clocks that are behind.
    public static final Duration SKEW = Duration.ofMinutes(5);

    public Validity {
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException("not a time: " + notBefore + " to " + notAfter);
        }
    }

    /// From [#SKEW] before `now` until `life` after it.
    public static Validity from(Instant now, Duration life) {
        return new Validity(now.minus(SKEW), now.plus(life));
    }
}
