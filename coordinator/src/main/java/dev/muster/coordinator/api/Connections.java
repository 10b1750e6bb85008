package dev.muster.coordinator.api;

import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the open connections. Callers without a certificate get no more than their share. Safe for threads.
final class Connections {
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicInteger strangers = new AtomicInteger();
    private final int max;
    private final int strangersMax;

    /// @param max all that are open at once
    /// @param strangersMax those without a client's certificate among them
    Connections(int max, int strangersMax) {
        this.max = max;
        this.strangersMax = strangersMax;
    }

    /// Counts the connection until it is closed, and closes it if it is one too many.
    void opened(HttpConnection connection) {
        int stranger = Gate.chain(connection.sslSession()).isPresent() ? 0 : 1;
        connection.closeHandler(closed -> {
            all.decrementAndGet();
            strangers.addAndGet(-stranger);
        });
        boolean tooMany = all.incrementAndGet() > max;
        boolean tooManyStrangers = strangers.addAndGet(stranger) > strangersMax && stranger > 0;
        if (tooMany || tooManyStrangers) {
            connection.close();
        }
    }
}
