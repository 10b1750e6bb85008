package dev.muster.coordinator.rollout;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.net.PeerList;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.VerifyKey;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The newest report of each host. It is lost when the coordinator ends, and made anew by the next reports.
/// Safe for threads.
public final class HostBoard {
    private final InstantSource clock;
    private final Map<String, Heard> reports = new ConcurrentHashMap<>();

    /// @param at when it came, epoch milliseconds by our clock
    /// @param pace how fast the host was before it
    /// @param peak the most bytes a second that it was ever seen to move one way, which is what its link can
    ///     do at least
    public record Heard(HostReport report, long at, Pace pace, long peak) {
        Heard after(Heard before) {
            Pace now = Pace.between(before.report, report);
            return new Heard(report, at, now, Math.max(before.peak, Math.max(now.down(), now.up())));
        }
    }

    public HostBoard(InstantSource clock) {
        this.clock = clock;
    }

    /// @param host one that is enrolled, so that there are no more reports than hosts
    /// @throws Refused if it is not signed by this host, or older than one that came before
    public void take(String host, VerifyKey key, Envelope envelope) throws Refused {
        Signed<HostReport> report = HostReport.verify(envelope, host, key);
        Heard heard = new Heard(report.document(), clock.millis(), Pace.NONE, 0);
        Heard kept = reports.merge(host, heard, (old, fresh) -> isNewer(fresh, old) ? fresh.after(old) : old);
        if (kept.report.origin().counter() > heard.report.origin().counter()) {
            throw new Refused(
                    Reason.REPLAYED,
                    "report of " + host + ": expected a counter above "
                            + kept.report.origin().counter() + ", found "
                            + heard.report.origin().counter());
        }
    }

    public Optional<Heard> newest(String host) {
        return Optional.ofNullable(reports.get(host));
    }

    /// Some hosts that a host may know, by chance, those of its site first. Of one whose word makes no address
    /// nothing is said.
    public PeerList peers(String host, String site) {
        List<PeerAddress> near = new ArrayList<>();
        List<PeerAddress> far = new ArrayList<>();
        reports.forEach((id, heard) -> {
            if (!id.equals(host)) {
                address(heard.report).ifPresent(peer -> (peer.site().equals(site) ? near : far).add(peer));
            }
        });
        Collections.shuffle(near);
        Collections.shuffle(far);
        // A quarter is left for other sites, so that no site stays alone.
        List<PeerAddress> all = new ArrayList<>(near.subList(0, Math.min(near.size(), PeerList.PEERS_MAX * 3 / 4)));
        all.addAll(far);
        return new PeerList(all.subList(0, Math.min(all.size(), PeerList.PEERS_MAX)));
    }

    private static Optional<PeerAddress> address(HostReport report) {
        try {
            return Optional.of(new PeerAddress(
                    report.origin().host(),
                    report.place().site(),
                    Address.parse(report.place().address())));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isNewer(Heard fresh, Heard old) {
        return fresh.report.origin().counter() > old.report.origin().counter();
    }
}
