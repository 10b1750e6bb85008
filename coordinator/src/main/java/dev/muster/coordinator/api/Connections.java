package dev.muster.coordinator.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the open connections. Callers without a certificate get no more than their share, and only for a while. Safe
/// for threads.
final class Connections {
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicInteger nameless = new AtomicInteger();
    private final int max;
    private final int namelessMax;
    private final Duration namelessLife;

    /// @param max all that are open at once
    /// @param namelessMax those without a client's certificate among them
    Connections(int max, int namelessMax, Duration namelessLife) {
        this.max = max;
        this.namelessMax = namelessMax;
        this.namelessLife = namelessLife;
    }

    /// Counts the connection until it is closed, and closes it if it is one too many. On its event loop.
    void opened(HttpConnection connection, Vertx vertx) {
        boolean tooMany = all.incrementAndGet() > max;
        if (Gate.chain(connection.sslSession()).isPresent()) {
            connection.closeHandler(_ -> all.decrementAndGet());
        } else {
            tooMany |= nameless.incrementAndGet() > namelessMax;
            long timer = vertx.setTimer(namelessLife.toMillis(), _ -> connection.close());
            connection.closeHandler(_ -> {
                all.decrementAndGet();
                nameless.decrementAndGet();
                vertx.cancelTimer(timer);
            });
        }
        if (tooMany) {
            connection.close();
        }
    }
}
