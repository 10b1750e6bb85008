package dev.muster.protocol.trust.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.key.Subject.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FleetTrustTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Validity DAY = Validity.from(NOW, Duration.ofHours(24));
    private static final Validity YEARS = Validity.from(NOW, Duration.ofDays(3650));
    private static final Subject HOST = new Subject("lab", Role.HOST, "h1");

    private final FleetCa root = FleetCa.createRoot("lab", YEARS);
    private final FleetCa ca = root.createIntermediate("lab", "c1", YEARS);

    @TempDir
    Path directory;

    @Test
    void aMemberOfTheFleetIsWhoItsCertificateSays() throws Exception {
        List<X509Certificate> chain = chain(HOST);

        assertEquals(HOST, trustAt(NOW).check(chain));
        assertEquals(3, chain.size());
    }

    @Test
    void aMemberOfAnotherFleetIsRefused() throws Exception {
        List<X509Certificate> chain = chain(new Subject("other", Role.HOST, "h1"));

        assertThrows(CertificateException.class, () -> trustAt(NOW).check(chain));
    }

    @Test
    void aMemberInAnotherRoleIsRefused() throws Exception {
        List<X509Certificate> chain = chain(new Subject("lab", Role.OPERATOR, "root"));

        assertThrows(CertificateException.class, () -> trustAt(NOW).check(chain));
    }

    @Test
    void aChainUnderAnotherRootIsRefused() throws Exception {
        FleetCa stranger = FleetCa.createRoot("lab", YEARS).createIntermediate("lab", "c1", YEARS);
        List<X509Certificate> chain =
                stranger.issueIdentity(HOST, Set.of(), DAY).chain();

        assertThrows(CertificateException.class, () -> trustAt(NOW).check(chain));
    }

    @Test
    void aForeignChainWithOurRootBehindItIsRefused() throws Exception {
        FleetCa stranger = FleetCa.createRoot("lab", YEARS).createIntermediate("lab", "c1", YEARS);
        List<X509Certificate> foreign =
                stranger.issueIdentity(HOST, Set.of(), DAY).chain();
        X509Certificate ours = chain(HOST).getLast();

        assertThrows(
                CertificateException.class, () -> trustAt(NOW).check(List.of(foreign.get(0), foreign.get(1), ours)));
        assertThrows(CertificateException.class, () -> trustAt(NOW).check(List.of(foreign.get(0), ours)));
    }

    @Test
    void aHostCannotActAsAnAuthority() throws Exception {
        TlsIdentity host = ca.issueIdentity(HOST, Set.of(), DAY);
        SigningKey key = SigningKey.generate(SigningKey.TLS);
        X509Certificate forged = CertificateForm.leaf(
                new CertificateForm.Leaf(new Subject("lab", Role.HOST, "h2"), key.verifyKey(), Set.of(), DAY),
                host.chain().getFirst(),
                host.key());

        List<X509Certificate> chain = List.of(
                forged, host.chain().get(0), host.chain().get(1), host.chain().get(2));

        assertThrows(CertificateException.class, () -> trustAt(NOW).check(chain));
    }

    @Test
    void anIntermediateCannotMakeAnotherOne() throws Exception {
        TlsIdentity host = ca.issueIdentity(HOST, Set.of(), DAY);

        assertThrows(IllegalArgumentException.class, () -> ca.createIntermediate("lab", "c2", YEARS));
        assertThrows(
                CertificateException.class,
                () -> trustAt(NOW).check(host.chain().subList(1, 3)));
    }

    @Test
    void anExpiredMemberIsNamed() throws Exception {
        List<X509Certificate> chain = chain(HOST);

        CertificateException refusal = assertThrows(
                CertificateExpiredException.class,
                () -> trustAt(NOW.plus(Duration.ofHours(25))).check(chain));

        assertTrue(refusal.toString().contains("muster://lab/host/h1"), refusal.toString());
    }

    @Test
    void graceKeepsAnExpiredMemberForAWhile() throws Exception {
        List<X509Certificate> chain = chain(HOST);
        Duration grace = Duration.ofDays(30);

        assertEquals(
                HOST, trustAt(NOW.plus(Duration.ofDays(30))).withGrace(grace).check(chain));
        assertThrows(
                CertificateExpiredException.class,
                () -> trustAt(NOW.plus(Duration.ofDays(32))).withGrace(grace).check(chain));
    }

    @Test
    void aMemberOfTomorrowIsRefused() throws Exception {
        List<X509Certificate> chain = chain(HOST);

        assertThrows(
                CertificateNotYetValidException.class,
                () -> trustAt(NOW.minus(Duration.ofHours(1))).check(chain));
        assertEquals(HOST, trustAt(NOW.minus(Duration.ofMinutes(4))).check(chain));
    }

    @Test
    void addressesAreForOtherProgramsOnly() throws Exception {
        List<X509Certificate> chain = ca.issueIdentity(HOST, Set.of("10.0.0.7", "::1", "c1.example.org"), DAY)
                .chain();

        assertEquals(HOST, trustAt(NOW).check(chain));
        assertEquals(4, alternativeNames(chain.getFirst()));
    }

    @Test
    void aRequestGivesAKeyAndNothingElse() throws Exception {
        SigningKey key = SigningKey.generate(SigningKey.TLS);

        VerifyKey asked = Request.verify(Request.of(key));

        assertEquals(key.verifyKey(), asked);
    }

    @Test
    void aRequestWithAnyByteTurnedIsRefused() {
        byte[] good = Request.of(SigningKey.generate(SigningKey.TLS));

        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x20;
            Refused refusal = assertThrows(Refused.class, () -> Request.verify(bad), "byte " + i);
            assertTrue(Set.of(Reason.MALFORMED, Reason.BAD_SIGNATURE).contains(refusal.reason()));
        }
    }

    @Test
    void savedIdentitiesAndAuthoritiesAreTheSame() throws IOException, CertificateException {
        TlsIdentity identity = ca.issueIdentity(HOST, Set.of(), DAY);
        identity.save(directory.resolve("tls.pem"));
        ca.save(directory.resolve("ca.pem"));

        TlsIdentity loaded = TlsIdentity.load(directory.resolve("tls.pem"));
        FleetCa loadedCa = FleetCa.load(directory.resolve("ca.pem"));

        assertEquals(identity.chain(), loaded.chain());
        assertEquals(identity.key().id(), loaded.key().id());
        assertEquals(
                HOST,
                trustAt(NOW).check(loadedCa.issueIdentity(HOST, Set.of(), DAY).chain()));
    }

    @Test
    void aChainIsReadAsItWasWritten() throws IOException {
        List<X509Certificate> chain = chain(HOST);

        assertEquals(chain, Certificates.decode(Certificates.encode(chain)));
    }

    @Test
    void renewalIsDueAtTwoThirdsOfTheLife() throws Refused {
        TlsIdentity identity = ca.issueIdentity(HOST, Set.of(), new Validity(NOW, NOW.plus(Duration.ofHours(24))));

        assertEquals(NOW.plus(Duration.ofHours(16)), identity.renewAt());
    }

    private List<X509Certificate> chain(Subject subject) throws Refused {
        return ca.issueIdentity(subject, Set.of(), DAY).chain();
    }

    private FleetTrust trustAt(Instant now) {
        return new FleetTrust("lab", root.rootHash(), Set.of(Role.HOST), InstantSource.fixed(now));
    }

    private static int alternativeNames(X509Certificate leaf) throws CertificateParsingException {
        var names = leaf.getSubjectAlternativeNames();
        return names == null ? 0 : names.size();
    }
}
