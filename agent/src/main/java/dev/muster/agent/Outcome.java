package dev.muster.agent;

import dev.muster.protocol.MusterException.Refused;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// What became of something that is done again and again. It is logged when it changes, and not every time. Used by one
/// thread.
final class Outcome {
    private static final String GOOD = "";
    private static final Logger LOG = System.getLogger(Outcome.class.getName());

    private final String what;
    private String last = GOOD;

    /// @param what is done, for people
    Outcome(String what) {
        this.what = what;
    }

    void good() {
        if (!last.equals(GOOD)) {
            last = GOOD;
            LOG.log(Level.INFO, "{0}: goes on", what);
        }
    }

    /// Messages have numbers in them that differ each time, so it is the kind of failure that counts as a change.
    void bad(Exception cause) {
        String kind =
                cause.getClass().getSimpleName() + (cause instanceof Refused refused ? " " + refused.reason() : "");
        if (!last.equals(kind)) {
            last = kind;
            LOG.log(Level.WARNING, "{0}: failed: kind={1} cause={2}", what, kind, cause.getMessage());
        }
    }
}
