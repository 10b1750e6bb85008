package dev.muster.agent.enrol;

import java.util.List;
import dev.muster.protocol.wire.PeerAddress;
import dev.muster.agent.document.Upstream;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/// The fleet's coordinators over HTTPS.
final class CoordinatorUpstream implements Upstream {
    private final CoordinatorClient client;

    CoordinatorUpstream(CoordinatorClient client) {
        this.client = client;
    }

    @Override
    public News documents(long after, Duration wait) throws IOException {
        Documents documents = client.documents(Math.max(0, after), wait);
        return new News(documents.revision(), documents.envelopes());
    }

    @Override
    public ReleaseList releases(long after, Duration wait) throws IOException {
        return client.releases(after, wait);
    }

    @Override
    public Optional<Envelope> document(Hash hash) throws IOException {
        try {
            return Optional.of(client.document(hash));
        } catch (Unknown _) {
            return Optional.empty();
        }
    }

    @Override
    public Envelope resolve(String reference) throws IOException {
        return client.release(reference);
    }

    @Override
    public Optional<byte[]> head(ManifestId manifest) throws IOException {
        try {
            return Optional.of(client.head(manifest).encode());
        } catch (Unknown _) {
            return Optional.empty();
        }
    }

    @Override
    public List<PeerAddress> peers(String site) throws IOException {
        return client.peers(site).peers();
    }

    @Override
    public SortedMap<String, String> report(Envelope report) throws IOException {
        return client.report(report).labels();
    }
}
