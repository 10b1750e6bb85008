package dev.muster.agent;

import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.document.Upstream;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// Heads out of a coordinator's catalog.
final class CoordinatorHeads implements Delivery.HeadSource {
    private static final Logger LOG = System.getLogger(CoordinatorHeads.class.getName());

    private final Upstream upstream;

    CoordinatorHeads(Upstream upstream) {
        this.upstream = upstream;
    }

    @Override
    public Optional<byte[]> head(ManifestId id) throws InterruptedException {
        try {
            return upstream.head(id);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "head not had from a coordinator: manifest={0} cause={1}", id, e.getMessage());
            return Optional.empty();
        }
    }
}
