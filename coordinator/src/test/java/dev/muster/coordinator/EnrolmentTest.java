package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.EnrolRequest;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Tls;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class EnrolmentTest extends WithCoordinator {
    @Test
    void aHostWithATokenBecomesAMember() throws IOException {
        String token = fleet.token("{\"site\":\"oslo\",\"labels\":{\"rack\":\"a\"}}");

        JoinedHost host = JoinedHost.join(fleet, token, Map.of("tier", "web", "rack", "z"));

        assertEquals(Subject.hostId(host.key.verifyKey().publicKey(Algorithm.ECDSA_P256)), host.id());
        assertEquals("c1", host.enrolment.coordinator());
        assertEquals(
                Map.of("site", "oslo", "rack", "a", "tier", "web"),
                host.enrolment.membership().labels());
        assertEquals("oslo", host.report(HostReport.State.READY).site());
    }

    @Test
    void aHostWithoutAGoodTokenIsRefused() throws IOException {
        String used = fleet.token();
        JoinedHost.join(fleet, used, Map.of());
        String expired = fleet.token("{\"ttlSeconds\":60}");
        String fresh = fleet.token("{\"ttlSeconds\":7200}");
        fleet.advance(Duration.ofSeconds(61));

        assertRefused(Reason.BAD_TOKEN, () -> JoinedHost.join(fleet, used, Map.of()));
        assertRefused(Reason.BAD_TOKEN, () -> JoinedHost.join(fleet, expired, Map.of()));
        assertRefused(Reason.BAD_TOKEN, () -> JoinedHost.join(fleet, "mt-guess", Map.of()));
        assertRefused(Reason.BAD_TOKEN, () -> JoinedHost.join(fleet, "", Map.of()));
        assertTrue(JoinedHost.join(fleet, fresh, Map.of()).id().startsWith("h"));
    }

    @Test
    void aHostThatAsksAgainUsesNothingUp() throws IOException {
        String token = fleet.token();
        SigningKey key = SigningKey.generate(SigningKey.TLS);
        EnrolRequest request = EnrolRequest.of(token, key, "", "", new TreeMap<>());

        Enrolment first = fleet.stranger().enrol(request);
        fleet.restart();
        Enrolment second = fleet.stranger().enrol(request);

        assertEquals(first.host(), second.host());
        assertEquals(first.membership(), second.membership());
    }

    @Test
    void ofHostsThatRaceForOneUseExactlyOneWins() throws Exception {
        String token = fleet.token();
        CoordinatorClient stranger = fleet.stranger();
        ConcurrentLinkedQueue<String> joined = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    SigningKey key = SigningKey.generate(SigningKey.TLS);
                    try {
                        joined.add(stranger.enrol(EnrolRequest.of(token, key, "", "", new TreeMap<>()))
                                .host());
                    } catch (IOException _) {
                        // Counted below: it has not joined.
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(1, joined.size());
    }

    @Test
    void tokensAreKeptAsHashesOnly() throws IOException {
        String token = fleet.token();

        try (var files = Files.walk(fleet.made.coordinator())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertTrue(!text.contains(token.substring(3)), file.toString());
            }
        }
    }

    @Test
    void aMemberRenewsItsCertificateWithItsOwnKeyOnly() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);
        fleet.advance(Duration.ofHours(16));

        Enrolment renewed = host.client.renew(host.key);

        assertTrue(notAfter(renewed).isAfter(notAfter(host.enrolment)));
        assertRefused(Reason.NOT_ALLOWED, () -> host.client.renew(SigningKey.generate(SigningKey.TLS)));
    }

    @Test
    void aHostWhoseCertificateHasExpiredStillRenewsIt() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);
        fleet.advance(Duration.ofDays(20));

        assertEquals(host.id(), host.client.renew(host.key).host());
    }

    @Test
    void anExpiredHostIsNoMemberAfterTheGrace() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);
        fleet.advance(Duration.ofDays(32));

        assertThrows(IOException.class, () -> host.client.renew(host.key));
    }

    @Test
    void aRevokedHostIsRefusedEverything() throws IOException {
        String token = fleet.token("{\"uses\":2}");
        JoinedHost host = JoinedHost.join(fleet, token, Map.of());

        fleet.operator().delete("/v1/hosts/" + host.id());
        fleet.restart();

        JoinedHost again = host;
        CoordinatorClient client = fleet.client(new TlsKeys(new TlsIdentity(again.key, again.enrolment.chain())));
        assertRefused(Reason.REVOKED, () -> client.renew(host.key));
        assertRefused(Reason.REVOKED, () -> client.documents(0, Duration.ZERO));
        assertRefused(
                Reason.REVOKED,
                () -> fleet.stranger().enrol(EnrolRequest.of(token, host.key, "", "", new TreeMap<>())));
    }

    @Test
    void aHostIsNoOperatorAndAStrangerIsNothing() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);

        assertRefused(Reason.NOT_ALLOWED, () -> host.client.post("/v1/tokens", "{}"));
        assertRefused(Reason.NOT_ALLOWED, () -> host.client.get("/v1/status"));
        assertRefused(Reason.NOT_ALLOWED, () -> fleet.stranger().documents(0, Duration.ZERO));
        assertRefused(Reason.NOT_ALLOWED, () -> fleet.operator().report(hostReport(host)));
    }

    @Test
    void whoMayNotCallIsRefusedBeforeTheBodyComes() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);
        TlsKeys keys = new TlsKeys(new TlsIdentity(host.key, host.enrolment.chain()));

        for (TlsKeys caller : List.of(TlsKeys.none(), keys)) {
            assertEquals("HTTP/1.1 403 Forbidden", answerToAHeaderAlone(caller));
        }
    }

    /// The first line of the answer to a request of which the body does not come.
    private String answerToAHeaderAlone(TlsKeys keys) throws IOException {
        Address address = fleet.address();
        try (Socket socket =
                Tls.context(keys, fleet.trust()).getSocketFactory().createSocket(address.host(), address.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("POST /v1/releases HTTP/1.1\r\nHost: c1\r\nContent-Length: 4000000\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        }
    }

    @Test
    void aReportOfAnotherHostOrAnOldOneIsRefused() throws IOException {
        JoinedHost one = JoinedHost.join(fleet);
        JoinedHost two = JoinedHost.join(fleet);
        one.client.report(one.report(5, HostReport.State.READY).sign(one.key));

        assertRefused(Reason.NOT_SIGNED, () -> two.client.report(hostReport(one)));
        assertRefused(
                Reason.WRONG_SCOPE,
                () -> two.client.report(one.report(9, HostReport.State.READY).sign(two.key)));
        assertRefused(
                Reason.REPLAYED,
                () -> one.client.report(one.report(4, HostReport.State.READY).sign(one.key)));
    }

    @Test
    void aFleetIsBelievedBecauseOfItsRootsHash() throws IOException {
        assertEquals("lab", fleet.root().fleet());
        assertRefused(
                Reason.WRONG_HASH, () -> CoordinatorClient.fetchRoots(List.of(fleet.address()), Hash.of(new byte[1])));
    }

    @Test
    void aCoordinatorThatIsNotThereIsNamed() throws IOException {
        fleet.close();

        Unreachable failure =
                assertThrows(Unreachable.class, () -> fleet.stranger().documents(0, Duration.ZERO));

        assertTrue(failure.toString().contains(fleet.address().toString()), failure.toString());
        fleet.restart();
    }

    private static Instant notAfter(Enrolment enrolment) {
        return enrolment.chain().getFirst().getNotAfter().toInstant();
    }

    private static Envelope hostReport(JoinedHost host) {
        return host.report(9, HostReport.State.READY).sign(host.key);
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(Refused.class, call).reason());
    }
}
