package dev.muster.agent.enrol;

import dev.muster.agent.document.Upstream;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.EnrolRequest;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// This host as a member of its fleet: who it is, whom it trusts, whom it asks. Safe for many threads.
public final class Member implements Closeable {
    private static final Logger LOG = System.getLogger(Member.class.getName());

    private final Path home;
    private volatile Enrolled enrolled;
    private final TlsKeys keys;
    private final SigningKey key;
    private final CoordinatorClient coordinators;
    private final Revoked revoked;

    /// Who is shut out, as it becomes known.
    private static final class Revoked implements Predicate<Subject> {
        private volatile Predicate<Subject> list = subject -> false;

        @Override
        public boolean test(Subject subject) {
            return list.test(subject);
        }
    }

    private Member(
            Path home,
            Enrolled enrolled,
            TlsIdentity identity,
            CoordinatorClient coordinators,
            TlsKeys keys,
            Revoked revoked) {
        this.home = home;
        this.enrolled = enrolled;
        this.keys = keys;
        this.revoked = revoked;
        this.key = identity.key();
        this.coordinators = coordinators;
    }

    public static boolean isEnrolled(Path home) {
        return Enrolled.exists(home);
    }

    /// The member that a home holds.
    public static Member load(Path home) throws IOException {
        Enrolled enrolled = Enrolled.load(home);
        TlsIdentity identity = TlsIdentity.load(identityFile(home));
        TlsKeys keys = new TlsKeys(identity);
        Revoked revoked = new Revoked();
        FleetTrust trust = trust(enrolled.fleet(), enrolled.roots(), Set.of(Subject.Role.COORDINATOR));
        CoordinatorClient coordinators = CoordinatorClient.open(enrolled.coordinators(), keys, trust.without(revoked));
        return new Member(home, enrolled, identity, coordinators, keys, revoked);
    }

    /// Joins the fleet. The key is on the disk before it is shown to anybody, so a repeated attempt is the same host.
    ///
    /// @throws Refused if the root or the token is not the right one
    /// @throws dev.muster.protocol.MusterException.Unreachable if no coordinator answers
    public static void enrol(Path home, Invitation invitation) throws IOException {
        DurableFile.createDirectory(home, true);
        SigningKey key = keptKey(home);
        RootChain roots = CoordinatorClient.fetchRoots(invitation.coordinators(), invitation.root());
        FleetTrust trust = trust(roots.newest().fleet(), roots, Set.of(Subject.Role.COORDINATOR));
        try (CoordinatorClient client = CoordinatorClient.open(invitation.coordinators(), TlsKeys.none(), trust)) {
            Enrolment enrolment = client.enrol(EnrolRequest.of(
                    invitation.token(), key, invitation.address(), invitation.site(), invitation.labels()));
            Enrolled enrolled = usable(() -> new Enrolled(
                    enrolment.host(),
                    roots.newest().fleet(),
                    enrolment.membership().labels(),
                    roots,
                    invitation.coordinators(),
                    enrolment.cluster()));
            new TlsIdentity(key, enrolment.chain()).save(identityFile(home));
            enrolled.save(home);
            DurableFile.delete(keyFile(home));
            LOG.log(
                    Level.INFO,
                    "enrolled: host={0} fleet={1}",
                    enrolment.host(),
                    roots.newest().fleet());
        }
    }

    public Enrolled enrolled() {
        return enrolled;
    }

    public TlsKeys keys() {
        return keys;
    }

    /// What the host's reports are signed with.
    public SigningKey key() {
        return key;
    }

    /// Trusts the hosts of this fleet, and for the root's days of grace those whose certificate has run out: with every
    /// coordinator gone they still exchange verified content.
    public FleetTrust peerTrust() {
        return peerTrust(enrolled.roots());
    }

    /// The same under these roots.
    public FleetTrust peerTrust(RootChain roots) {
        return lenient(roots, Set.of(Subject.Role.HOST));
    }

    /// Trusts the members of the cluster, hosts and coordinators, for as long.
    public FleetTrust clusterTrust() {
        return clusterTrust(enrolled.roots());
    }

    /// The same under these roots.
    public FleetTrust clusterTrust(RootChain roots) {
        return lenient(roots, Set.of(Subject.Role.HOST, Subject.Role.COORDINATOR));
    }

    private FleetTrust lenient(RootChain roots, Set<Subject.Role> roles) {
        return trust(enrolled.fleet(), roots, roles)
                .withGrace(Duration.ofDays(roots.newest().terms().graceDays()))
                .without(revoked);
    }

    /// From now on nobody who is in `list` is a member.
    public void shutOut(Predicate<Subject> list) {
        revoked.list = list;
    }

    /// When the certificate should be renewed, in epoch milliseconds.
    public long renewAt() {
        return keys.newest().map(identity -> identity.renewAt().toEpochMilli()).orElse(Long.MAX_VALUE);
    }

    /// Gets a fresh certificate for the key that this host has; new connections show it.
    public void renew() throws IOException {
        Enrolment enrolment = coordinators.renew(key);
        TlsIdentity fresh = new TlsIdentity(key, enrolment.chain());
        fresh.save(identityFile(home));
        keys.renew(fresh);
        LOG.log(Level.INFO, "certificate renewed: until={0}", fresh.notAfter());
    }

    /// Takes over what a coordinator now says that this host is labelled with; it is on the disk first.
    ///
    /// @throws Refused if this host cannot use them, and nothing has changed
    public void relabel(SortedMap<String, String> labels) throws IOException {
        Enrolled now = enrolled;
        if (!now.labels().equals(labels)) {
            Enrolled next = usable(() -> now.withLabels(labels));
            next.save(home);
            enrolled = next;
            LOG.log(Level.INFO, "labels: {0}", labels);
        }
    }

    public Upstream upstream() {
        return new CoordinatorUpstream(coordinators);
    }

    @Override
    public void close() {
        coordinators.close();
    }

    private static FleetTrust trust(String fleet, RootChain roots, Set<Subject.Role> roles) {
        return new FleetTrust(fleet, roots.newest().terms().caRoot(), roles, InstantSource.system());
    }

    private static Enrolled usable(Supplier<Enrolled> said) throws Refused {
        try {
            return said.get();
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, "membership as a coordinator says it: " + e.getMessage());
        }
    }

    private static SigningKey keptKey(Path home) throws IOException {
        if (Files.exists(identityFile(home))) {
            return TlsIdentity.load(identityFile(home)).key();
        }
        if (!Files.exists(keyFile(home))) {
            SigningKey.generate(SigningKey.TLS).save(keyFile(home));
        }
        return SigningKey.load(keyFile(home));
    }

    private static Path identityFile(Path home) {
        return home.resolve("identity.pem");
    }

    private static Path keyFile(Path home) {
        return home.resolve("key.pem");
    }
}
