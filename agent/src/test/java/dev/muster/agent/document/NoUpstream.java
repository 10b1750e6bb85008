package dev.muster.agent.document;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A coordinator that is there and has nothing; or is gone, for who waits for documents.
public class NoUpstream implements Upstream {
    @Override
    public News documents(long after, Duration wait) throws IOException, InterruptedException {
        throw new Unreachable("no coordinator");
    }

    @Override
    public ReleaseList releases(long after, Duration wait) throws IOException, InterruptedException {
        return new ReleaseList(0, List.of());
    }

    @Override
    public Optional<Envelope> document(Hash hash) {
        return Optional.empty();
    }

    @Override
    public Envelope resolve(String reference) throws IOException {
        throw new Unreachable("no coordinator");
    }

    @Override
    public Optional<byte[]> head(ManifestId manifest) {
        return Optional.empty();
    }

    @Override
    public List<PeerAddress> peers(String site) {
        return List.of();
    }

    @Override
    public SortedMap<String, String> report(Envelope report) {
        return new TreeMap<>();
    }
}
