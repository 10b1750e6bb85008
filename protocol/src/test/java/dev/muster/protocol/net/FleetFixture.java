package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.Address;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/// A fleet with certificates, and hosts of it on this machine.
public final class FleetFixture {
    private final String fleet;
    private final FleetCa ca;
    private final Validity validity = Validity.from(Instant.now(), Duration.ofHours(1));

    public FleetFixture(String fleet) {
        this.fleet = fleet;
        FleetCa root = FleetCa.createRoot(fleet, validity);
        ca = root.createIntermediate(fleet, "test", validity);
    }

    public FleetTrust trust() {
        return new FleetTrust(fleet, ca.rootHash(), Set.of(Role.HOST), InstantSource.system());
    }

    public TlsKeys keys(String id, Role role) throws Refused {
        return new TlsKeys(ca.issueIdentity(new Subject(fleet, role, id), Set.of(), validity));
    }

    /// A host of this fleet, in the site `site-ID`, on any port of the loopback address.
    public TlsPeerNetwork open(String id, LinkLimits limits, PeerListener listener) throws Refused, BadConfiguration {
        return open(id, trust(), limits, listener);
    }

    TlsPeerNetwork open(String id, FleetTrust trust, LinkLimits limits, PeerListener listener)
            throws Refused, BadConfiguration {
        return TlsPeerNetwork.open(
                new Address("127.0.0.1", 0), "site-" + id, keys(id, Role.HOST), trust, limits, listener);
    }
}
