package dev.muster.coordinator.api;

import dev.muster.coordinator.enrol.Enroller;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.VerifyKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Says for each request who calls, and whether they may.
///
/// The chain is checked with each request, because a connection or a TLS session may outlive a certificate.
public final class Gate {
    private final FleetTrust strict;
    private final FleetTrust lenient;
    private final Enroller enroller;

    /// @param grace for how long a host may come with an expired certificate, to get another
    public Gate(FleetTrust trust, Duration grace, Enroller enroller) {
        this.strict = trust;
        this.lenient = trust.withGrace(grace);
        this.enroller = enroller;
    }

    /// What a handshake must hold to.
    FleetTrust trust() {
        return lenient;
    }

    /// Who calls by this session, if the endpoint asks for that.
    Optional<Caller> admit(Access access, SSLSession session) throws Refused {
        if (access == Access.ANYBODY) {
            return Optional.empty();
        }
        List<X509Certificate> certificates = chain(session)
                .orElseThrow(() -> new Refused(Reason.NOT_ALLOWED, "expected the certificate of a member, found none"))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
        Subject subject = subject(certificates);
        boolean allowed = switch (access) {
            case ANYBODY, MEMBER -> true;
            case HOST -> subject.role() == Subject.Role.HOST;
            case COORDINATOR -> subject.role() == Subject.Role.COORDINATOR;
            case VIEWER -> subject.role().isPerson();
            case OPERATOR -> subject.role() == Subject.Role.OPERATOR || subject.role() == Subject.Role.ADMIN;
            case ADMIN -> subject.role() == Subject.Role.ADMIN;
        };
        if (!allowed) {
            throw new Refused(Reason.NOT_ALLOWED, "expected a certificate as " + access + ", found that of " + subject);
        }
        if (subject.role() == Subject.Role.HOST) {
            enroller.active(subject.id());
        }
        return Optional.of(new Caller(subject, VerifyKey.of(certificates.getFirst())));
    }

    /// The certificates that the caller showed, if any.
    static Optional<List<Certificate>> chain(SSLSession session) {
        try {
            return Optional.of(List.of(session.getPeerCertificates()));
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private Subject subject(List<X509Certificate> chain) throws Refused {
        try {
            Subject subject = lenient.check(chain);
            return subject.role() == Subject.Role.HOST ? subject : strict.check(chain);
        } catch (CertificateException e) {
            throw new Refused(Reason.NOT_ALLOWED, String.valueOf(e.getMessage()));
        }
    }
}
