package dev.muster.protocol.cluster;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The view of a node that has no cluster: itself. Others it knows from what it remembers and from peers.
public final class NoFleet implements Fleet {
    private final AtomicReference<Optional<Presence>> self = new AtomicReference<>(Optional.empty());

    @Override
    public void publish(Presence presence) {
        self.set(Optional.of(presence));
    }

    @Override
    public void vouch(Presence attached) {}

    @Override
    public Collection<Presence> present() {
        return self.get().stream().toList();
    }

    /// Others never come or go.
    @Override
    public void onChange(Runnable listener) {}

    @Override
    public void close() {
        self.set(Optional.empty());
    }
}
