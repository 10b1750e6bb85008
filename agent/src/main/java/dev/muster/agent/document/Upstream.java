package dev.muster.agent.document;

import dev.muster.protocol.wire.PeerAddress;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// A coordinator, as an agent needs one. Every call may wait for the network and fails as unreachable when there is
/// none; an agent goes on without.
public interface Upstream {
    /// Documents that came after a revision.
    ///
    /// @param revision to ask with the next time
    record News(long revision, List<Envelope> documents) {
        public News {
            documents = List.copyOf(documents);
        }
    }

    /// Waits up to `wait` for something newer than `after`.
    News documents(long after, Duration wait) throws IOException, InterruptedException;

    /// Which releases there are, or none if that is what the caller has: waits up to `wait` for another list.
    ReleaseList releases(long after, Duration wait) throws IOException, InterruptedException;

    Optional<Envelope> document(Hash hash) throws IOException, InterruptedException;

    /// The newest release that a person's reference names.
    Envelope resolve(String reference) throws IOException, InterruptedException;

    Optional<byte[]> head(ManifestId manifest) throws IOException, InterruptedException;

    /// Some hosts of the fleet, those of a site first.
    List<PeerAddress> peers(String site) throws IOException, InterruptedException;

    /// Says how this host is.
    ///
    /// @return the labels that it has now
    SortedMap<String, String> report(Envelope report) throws IOException, InterruptedException;
}
