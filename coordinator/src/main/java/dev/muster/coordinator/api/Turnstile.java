package dev.muster.coordinator.api;

import dev.muster.protocol.MusterException.Unreachable;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Counts the requests that run at once: those that wait, those of operators, and all others, each for themselves. So
/// no number of hosts keeps an operator out. Safe for threads.
final class Turnstile {
    private final Semaphore waiting;
    private final Semaphore operators;
    private final Semaphore others;

    Turnstile(int waitingMax, int operatorsMax, int othersMax) {
        waiting = new Semaphore(waitingMax);
        operators = new Semaphore(operatorsMax);
        others = new Semaphore(othersMax);
    }

    /// Lets one more in. The caller releases one permit of what this returns when the request has ended.
    Semaphore enter(Endpoint endpoint, Optional<Caller> caller) throws Unreachable {
        Semaphore lane = laneOf(endpoint, caller);
        if (!lane.tryAcquire()) {
            throw new Unreachable("expected fewer requests to " + endpoint.path() + " at once, found too many");
        }
        return lane;
    }

    private Semaphore laneOf(Endpoint endpoint, Optional<Caller> caller) {
        if (endpoint.waits()) {
            return waiting;
        }
        return caller.filter(c -> c.subject().role().isPerson()).isPresent() ? operators : others;
    }
}
