package dev.muster.protocol.cluster;

import dev.muster.protocol.net.Strangers;
import dev.muster.protocol.trust.key.Subject;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Who stands at a member's door and who is inside: connections by address until the peer has shown who it is, and by
/// peer from then on. Shared by all threads of the member, so every method is synchronized and short.
final class Doorkeeper {
    /// A stranger's connection costs a descriptor and 120 KiB.
    static final int STRANGERS_MAX = 256;

    static final int STRANGERS_PER_ADDRESS_MAX = 32;

    /// Two members have one connection; for moments, one more for each that dials.
    static final int CONNECTIONS_PER_PEER_MAX = 8;

    private final Predicate<Subject> revoked;
    private final Strangers strangers = new Strangers(STRANGERS_MAX, STRANGERS_PER_ADDRESS_MAX);
    private final Map<Subject, Set<Visit>> inside = new HashMap<>();
    private long refusals;

    /// One connection.
    interface Visit {
        /// Closes the connection, if it is open.
        void close(String why);
    }

    Doorkeeper(Predicate<Subject> revoked) {
        this.revoked = revoked;
    }

    /// Those that have not shown who they are.
    Strangers strangers() {
        return strangers;
    }

    /// The peer has shown who it is.
    ///
    /// @throws CertificateException if it is not to come in all the same
    synchronized void enter(Subject peer, Visit visit) throws CertificateException {
        if (revoked.test(peer)) {
            throw new CertificateException("expected a member that is not revoked, found " + peer);
        }
        Set<Visit> visits = inside.computeIfAbsent(peer, _ -> new HashSet<>());
        if (visits.size() >= CONNECTIONS_PER_PEER_MAX) {
            throw new CertificateException(
                    "expected at most " + CONNECTIONS_PER_PEER_MAX + " connections, found more of " + peer);
        }
        visits.add(visit);
    }

    synchronized void leave(Subject peer, Visit visit) {
        inside.computeIfPresent(peer, (_, visits) -> visits.remove(visit) && visits.isEmpty() ? null : visits);
    }

    /// Closes the connections with peers that have been revoked since they came.
    void sendAwayRevoked() {
        revokedInside().forEach(visit -> visit.close("the peer was revoked"));
    }

    private synchronized List<Visit> revokedInside() {
        return inside.entrySet().stream()
                .filter(entry -> revoked.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /// A connection ended before its peer was known and welcome.
    synchronized void turnedAway() {
        refusals++;
    }

    /// How many did.
    synchronized long refusals() {
        return refusals;
    }

    /// How many connections there are with peers that are known.
    synchronized int inside() {
        return inside.values().stream().mapToInt(Set::size).sum();
    }
}
