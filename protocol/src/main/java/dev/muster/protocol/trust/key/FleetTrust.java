package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Accepts the members of one fleet, in the roles that are asked for.
///
/// 1. The chain comes whole, leaf to root, and has at most [Certificates#CHAIN_MAX] certificates.
/// 2. The SHA-256 of its root is the one in the fleet's root document.
/// 3. Every signature, life and constraint holds (PKIX, RFC 5280 section 6). There is no CRL and no OCSP: certificates
///    live a day, and revocation travels as a signed list.
/// 4. The leaf is no CA and names one [Subject], of this fleet, in an allowed role, who is not revoked.
///
/// Host names are not checked; the subject is the identity, and callers read it from the session. Immutable.
public final class FleetTrust extends X509ExtendedTrustManager {
    private final String fleet;
    private final Hash caRoot;
    private final Set<Subject.Role> roles;
    private final Duration grace;
    private final Predicate<Subject> revoked;
    private final InstantSource clock;

    /// @param caRoot SHA-256 of the CA root's certificate
    public FleetTrust(String fleet, Hash caRoot, Set<Subject.Role> roles, InstantSource clock) {
        this(fleet, caRoot, roles, Duration.ZERO, subject -> false, clock);
    }

    private FleetTrust(
            String fleet,
            Hash caRoot,
            Set<Subject.Role> roles,
            Duration grace,
            Predicate<Subject> revoked,
            InstantSource clock) {
        this.fleet = fleet;
        this.caRoot = caRoot;
        this.roles = EnumSet.copyOf(roles);
        this.grace = grace;
        this.revoked = revoked;
        this.clock = clock;
    }

    /// The same, but leaves are still good for `grace` after their life: for hosts that exchange verified content while
    /// every coordinator is gone.
    public FleetTrust withGrace(Duration grace) {
        return new FleetTrust(fleet, caRoot, roles, grace, revoked, clock);
    }

    /// The same, but those who are revoked are strangers.
    ///
    /// @param isRevoked is asked anew with each check
    public FleetTrust without(Predicate<Subject> isRevoked) {
        return new FleetTrust(fleet, caRoot, roles, grace, isRevoked, clock);
    }

    /// The member that this chain proves, leaf to root.
    ///
    /// @throws CertificateExpiredException if all that is wrong is that the leaf's life is over
    public Subject check(List<X509Certificate> chain) throws CertificateException {
        if (chain.size() < 2 || chain.size() > Certificates.CHAIN_MAX) {
            throw new CertificateException("expected a chain of 2 to 4 certificates, found " + chain.size());
        }
        X509Certificate root = chain.getLast();
        if (!Certificates.hashOf(root).equals(caRoot)) {
            throw new CertificateException(
                    "expected the CA root of fleet " + fleet + ", " + caRoot + ", found " + Certificates.hashOf(root));
        }
        X509Certificate leaf = chain.getFirst();
        Date when = timeFor(leaf);
        root.checkValidity(when);
        validate(chain, when);
        return subjectOf(leaf);
    }

    /// Now, or the last moment of the leaf's life if that was less than the grace ago.
    private Date timeFor(X509Certificate leaf) throws CertificateException {
        Instant now = clock.instant();
        Instant notBefore = leaf.getNotBefore().toInstant();
        Instant notAfter = leaf.getNotAfter().toInstant();
        if (now.isBefore(notBefore)) {
            throw new CertificateNotYetValidException("certificate " + name(leaf) + " begins " + notBefore);
        }
        if (now.isAfter(notAfter.plus(grace))) {
            throw new CertificateExpiredException("certificate " + name(leaf) + " expired " + notAfter);
        }
        return Date.from(now.isAfter(notAfter) ? notAfter : now);
    }

    private void validate(List<X509Certificate> chain, Date when) throws CertificateException {
        try {
            PKIXParameters rules = new PKIXParameters(Set.of(new TrustAnchor(chain.getLast(), null)));
            rules.setRevocationEnabled(false);
            rules.setDate(when);
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(chain.subList(0, chain.size() - 1)),
                            rules);
        } catch (CertPathValidatorException e) {
            throw new CertificateException("chain of " + name(chain.getFirst()) + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("chain of " + name(chain.getFirst()) + " cannot be checked", e);
        }
    }

    private Subject subjectOf(X509Certificate leaf) throws CertificateException {
        Subject subject;
        try {
            subject = Subject.of(leaf);
        } catch (Refused e) {
            throw new CertificateException(e.getMessage(), e);
        }
        if (leaf.getBasicConstraints() != -1) {
            throw new CertificateException("expected the certificate of a member, found that of a CA: " + subject);
        }
        if (!subject.fleet().equals(fleet) || !roles.contains(subject.role())) {
            throw new CertificateException("expected one of " + roles + " of fleet " + fleet + ", found " + subject);
        }
        if (revoked.test(subject)) {
            throw new CertificateException("expected a member that may take part, found it revoked: " + subject);
        }
        return subject;
    }

    private static String name(X509Certificate leaf) {
        try {
            return Subject.of(leaf).toString();
        } catch (Refused _) {
            return "of nobody";
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        check(Arrays.asList(chain));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    /// None: a member knows which certificate to show, and naming the CA would tell strangers about the fleet.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
