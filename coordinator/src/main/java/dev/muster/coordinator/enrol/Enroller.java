package dev.muster.coordinator.enrol;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.net.EnrolRequest;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.net.Membership;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.trust.key.VerifyKey;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Takes hosts into the fleet and renews the certificates of its members. Safe for threads.
public final class Enroller {
    /// Where hosts are of which nobody said it.
    public static final String DEFAULT_SITE = "default";

    private static final Logger LOG = System.getLogger(Enroller.class.getName());

    private final FleetCa ca;
    private final Terms terms;
    private final Tokens tokens;
    private final Hosts hosts;
    private final InstantSource clock;

    /// What members are told and given.
    ///
    /// @param coordinator this coordinator
    /// @param cluster where members of the cluster may be
    /// @param hostLife of a host's certificate
    /// @param operatorLife of an operator's certificate
    public record Terms(Subject coordinator, List<Address> cluster, Duration hostLife, Duration operatorLife) {
        public Terms {
            cluster = List.copyOf(cluster);
        }
    }

    public Enroller(FleetCa ca, Terms terms, Tokens tokens, Hosts hosts, InstantSource clock) {
        this.ca = ca;
        this.terms = terms;
        this.tokens = tokens;
        this.hosts = hosts;
        this.clock = clock;
    }

    /// Takes a host in, or says again what it was told when it came with the same key and token.
    ///
    /// @throws Refused [Reason#BAD_TOKEN] if the token is not good, [Reason#REVOKED] if the host was thrown out
    public synchronized Enrolment enrol(EnrolRequest request) throws IOException {
        VerifyKey key = Request.verify(bytes(request));
        String id = Subject.hostId(key.publicKey(Algorithm.ECDSA_P256));
        Host known = hosts.find(id).orElse(null);
        if (known != null && known.revoked()) {
            throw revoked(id);
        }
        if (known == null && hosts.count() >= Hosts.HOSTS_MAX) {
            throw new StoreRefused("enrolment: expected fewer than " + Hosts.HOSTS_MAX + " hosts, found as many");
        }
        if (known != null && !known.key().equals(key)) {
            throw new Refused(Reason.NOT_ALLOWED, "enrolment: expected the key of host " + id + ", found another");
        }
        Token.Grant grant = tokens.redeem(request.token(), id);
        if (known != null) {
            return enrolment(known);
        }
        Host host = new Host(id, key, membership(grant, request), clock.millis(), false);
        hosts.put(host);
        LOG.log(
                Level.INFO,
                "host enrolled: host={0} site={1}",
                id,
                host.membership().site());
        return enrolment(host);
    }

    /// A new certificate for a member that is one by its certificate.
    ///
    /// @throws Refused if the key is another one than before, or the host was thrown out
    public Enrolment renew(Subject member, VerifyKey now, byte[] request) throws IOException {
        VerifyKey key = Request.verify(request);
        if (!key.equals(now)) {
            throw new Refused(
                    Reason.NOT_ALLOWED, "renewal of " + member + ": expected its own key, found another: enrol anew");
        }
        return switch (member.role()) {
            case HOST -> enrolment(active(member.id()));
            case VIEWER, OPERATOR, ADMIN ->
                issue(member, key, Host.membership(DEFAULT_SITE, new TreeMap<>()), terms.operatorLife);
            case COORDINATOR ->
                throw new Refused(Reason.NOT_ALLOWED, "renewal of " + member + ": coordinators renew themselves");
        };
    }

    /// A first certificate for somebody, by an administrator's word.
    ///
    /// @param request a certification request: the key, and nothing else of it
    public Enrolment admit(Subject.Role role, String id, byte[] request) throws IOException {
        Subject person = new Subject(terms.coordinator.fleet(), role, id);
        LOG.log(Level.INFO, "admitted: {0}", person);
        return issue(
                person, Request.verify(request), Host.membership(DEFAULT_SITE, new TreeMap<>()), terms.operatorLife);
    }

    /// The host, if it is one and was not thrown out.
    public Host active(String id) throws Refused {
        Host host = hosts.find(id)
                .orElseThrow(() -> new Refused(
                        Reason.NOT_ALLOWED, "host " + id + ": expected one that is enrolled here, found none"));
        if (host.revoked()) {
            throw revoked(id);
        }
        return host;
    }

    private Enrolment enrolment(Host host) {
        Subject subject = new Subject(terms.coordinator.fleet(), Subject.Role.HOST, host.id());
        return issue(subject, host.key(), host.membership(), terms.hostLife);
    }

    private Enrolment issue(Subject subject, VerifyKey key, Membership membership, Duration life) {
        var chain = ca.issue(key, subject, Set.of(), Validity.from(clock.instant(), life));
        return new Enrolment(subject.id(), chain, membership, terms.cluster, terms.coordinator.id());
    }

    /// What the token says comes before what the host says.
    private static Membership membership(Token.Grant grant, EnrolRequest request) throws Corrupt {
        String said = request.site().isEmpty() ? DEFAULT_SITE : request.site();
        SortedMap<String, String> labels = new TreeMap<>(request.labels());
        labels.putAll(grant.labels());
        try {
            return Host.membership(grant.site().isEmpty() ? said : grant.site(), labels);
        } catch (IllegalArgumentException e) {
            throw new Corrupt("enrolment request: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(EnrolRequest request) {
        byte[] csr = new byte[request.csr().remaining()];
        request.csr().get(csr);
        return csr;
    }

    private static Refused revoked(String id) {
        return new Refused(Reason.REVOKED, "host " + id + ": expected one that may take part, found it revoked");
    }
}
