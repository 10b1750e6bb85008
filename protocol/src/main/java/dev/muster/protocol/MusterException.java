package dev.muster.protocol;

import java.io.IOException;

/// A failure that an operator can act on. The message says what was expected, what was found, and of what.
///
/// The family is closed, so that the command line can map each case to its documented exit code in one `switch`.
/// What is normal in a swarm (a peer goes, a request times out, a chunk is bad) is an event and never one of these;
/// a bug is an unchecked exception and ends the process.
public abstract sealed class MusterException extends IOException {

    private MusterException(String message) {
        super(message);
    }

    private MusterException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The command line or the configuration asks for something that cannot be.
    public static final class BadConfiguration extends MusterException {
        public BadConfiguration(String message) {
            super(message);
        }
    }

    /// No image, release, group or host of that name is known.
    public static final class Unknown extends MusterException {
        public Unknown(String message) {
            super(message);
        }
    }

    /// A document, certificate or token was refused. [#reason] is the kind of refusal, for tests and scripts.
    public static final class Refused extends MusterException {
        private final Reason reason;

        public Refused(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /// Bytes are not what they are called: a block, chunk, page, head or record under the wrong hash or shape.
    public static final class Corrupt extends MusterException {
        public Corrupt(String message) {
            super(message);
        }

        public Corrupt(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Nobody who can be reached has it: no source for a chunk, or no coordinator.
    public static final class Unreachable extends MusterException {
        public Unreachable(String message) {
            super(message);
        }

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The target of a write is too small, mounted, busy, or failing.
    public static final class TargetRefused extends MusterException {
        public TargetRefused(String message) {
            super(message);
        }

        public TargetRefused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The store, or the home around it, is full, failing, or in use by another agent.
    public static final class StoreRefused extends MusterException {
        public StoreRefused(String message) {
            super(message);
        }

        public StoreRefused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Why a document, certificate or token was refused.
    public enum Reason {
        /// Not in the form its type and version ask for.
        MALFORMED,
        /// Signed by no key, too few keys, or keys without that role.
        NOT_SIGNED,
        /// A signature does not verify.
        BAD_SIGNATURE,
        /// A signature lacks an algorithm that the root requires.
        WEAKENED,
        /// Not the hash that was asked for.
        WRONG_HASH,
        /// A number lower than one already seen.
        REPLAYED,
        /// A number that skips those in between.
        SKIPPED,
        /// One key signed two documents under one number.
        EQUIVOCATION,
        /// Made for other hosts, another fleet, or other hardware.
        WRONG_SCOPE,
        /// Its time has passed, or has not come.
        EXPIRED,
        /// Withdrawn by the release keys.
        REVOKED,
        /// An enrolment token that is unknown, used up or expired.
        BAD_TOKEN,
        /// A certificate that is not of this fleet, or not of the role that is needed.
        NOT_ALLOWED,
        /// Two pins of equal priority would decide for the same host.
        OVERLAP,
        /// A release that was retired, where one is needed that is not.
        RETIRED,
        /// A release that a pin orders, where one is needed that none does.
        PINNED
    }
}
