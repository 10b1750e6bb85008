package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.catalog.RevocationList;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.rollout.Director;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What was signed elsewhere and is brought to this coordinator: roots, revocation lists, pins of other directors. One
/// at a time.
///
/// @param changed is run after each change of what hosts must know
public record SignedDocuments(
        Roots roots, RevocationList list, Catalog catalog, Director director, Hosts hosts, Runnable changed) {

    /// @return whether it is new
    public synchronized boolean take(Envelope envelope) throws IOException {
        return switch (envelope.type()) {
            case ROOT -> {
                long before = roots.newest().number();
                yield root(envelope) > before;
            }
            case REVOCATIONS -> {
                long before = list.inForce().number();
                Revocations next = list.step(envelope, roots.newest());
                shutOut(next);
                changed.run();
                yield next.number() > before;
            }
            case PIN -> {
                boolean fresh = director.take(envelope);
                changed.run();
                yield fresh;
            }
            case RELEASE, FRESHNESS, HOST_REPORT ->
                throw new Refused(
                        Reason.MALFORMED,
                        "document: expected a root, a revocation list or a pin, found " + envelope.type());
        };
    }

    /// The next root.
    ///
    /// @return its number
    synchronized long root(Envelope envelope) throws IOException {
        Root next = roots.step(envelope);
        director.adopt(next);
        catalog.adopt(next);
        list.adopt(next);
        changed.run();
        return next.number();
    }

    /// What the coordinator itself knows of its hosts agrees with the list.
    private void shutOut(Revocations next) throws IOException {
        for (String host : next.members().hosts()) {
            if (hosts.find(host).filter(known -> !known.revoked()).isPresent()) {
                hosts.revoke(host);
            }
        }
    }

    Optional<Signed<Revocations>> revocations() {
        return list.newest();
    }

    /// All that a host may ask for by name, but for releases.
    List<Envelope> envelopes() {
        return Stream.of(
                        roots.envelopes().stream(),
                        list.newest().stream().map(Signed::envelope),
                        director.pins().stream().map(Signed::envelope))
                .flatMap(each -> each)
                .toList();
    }
}
