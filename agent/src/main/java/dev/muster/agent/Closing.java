package dev.muster.agent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/// What was opened, to be closed in the opposite order. Each is closed, whatever the others do.
final class Closing implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Closing.class.getName());

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T opened) {
        open.push(opened);
        return opened;
    }

    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.log(
                        Level.WARNING,
                        "not closed: what={0} cause={1}",
                        next.getClass().getSimpleName(),
                        e.getMessage());
            }
        }
    }
}
