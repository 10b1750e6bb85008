package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Reason;

/// What believing a document would have let happen: why it was refused, by the name that the literature has for it (The
/// Update Framework, section 1.5.2; Uptane, section 4.2). Most of what is refused is an accident and no attack.
public sealed interface Attack {
    String message();

    /// Not signed by enough of the keys that may, or not by them.
    record ArbitraryInstallation(String message) implements Attack {}

    /// A signature without one of the algorithms that the root requires.
    record AlgorithmDowngrade(String message) implements Attack {}

    /// Another form than the one that a document has, so that two readers may read two things.
    record Malleability(String message) implements Attack {}

    /// A number that was passed already.
    record Rollback(String message) implements Attack {}

    /// A number that skips some, to shut out those in between.
    record FastForward(String message) implements Attack {}

    /// Something old that was held back, and is shown as if it were news.
    record Freeze(String message) implements Attack {}

    /// Two documents under one number of one key.
    record Equivocation(String message) implements Attack {}

    /// Genuine parts that do not belong together.
    record MixAndMatch(String message) implements Attack {}

    /// Genuine, and made for others.
    record WrongSoftware(String message) implements Attack {}

    /// Genuine, and taken back by the release keys.
    record RevokedSoftware(String message) implements Attack {}

    /// More than there is room for.
    record EndlessData(String message) implements Attack {}

    static Attack of(Reason reason, String message) {
        return switch (reason) {
            case MALFORMED -> new Malleability(message);
            case NOT_SIGNED, BAD_SIGNATURE -> new ArbitraryInstallation(message);
            case WEAKENED -> new AlgorithmDowngrade(message);
            case WRONG_HASH -> new MixAndMatch(message);
            case REPLAYED -> new Rollback(message);
            case SKIPPED -> new FastForward(message);
            case EQUIVOCATION -> new Equivocation(message);
            case WRONG_SCOPE, BAD_TOKEN, OVERLAP, RETIRED, PINNED -> new WrongSoftware(message);
            case EXPIRED -> new Freeze(message);
            case REVOKED -> new RevokedSoftware(message);
            case NOT_ALLOWED -> new EndlessData(message);
        };
    }

    /// `Freeze`.
    default String name() {
        return getClass().getSimpleName();
    }
}
