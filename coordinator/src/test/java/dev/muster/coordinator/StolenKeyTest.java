package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.document.Wave;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a coordinator does with documents that were signed elsewhere, by the right keys and by a thief.
final class StolenKeyTest extends WithCoordinator {
    @Test
    void aDirectorThatUsedUpAllNumbersIsReplacedByTheNextRoot() throws IOException {
        Hash release = release("web", 1);
        SigningKey stolen = key("coordinator/director.pem");
        JoinedHost host = JoinedHost.join(fleet);
        submit(pin(stolen, Long.MAX_VALUE, release).sign(List.of(stolen)));
        assertRefused(Reason.SKIPPED, "{\"ref\":\"web\"}");

        SigningKey next = SigningKey.generate(SigningKey.HYBRID);
        next.save(fleet.made.coordinator().resolve("director-next.pem"));
        submit(root(next));
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}");

        assertPinnedBy(next, host);
        fleet.restart();
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}");
        assertEquals(false, Files.exists(fleet.made.coordinator().resolve("director-next.pem")));
    }

    private void assertPinnedBy(SigningKey key, JoinedHost host) throws IOException {
        Documents documents = host.client.documents(0, Duration.ZERO);
        List<Envelope> pins = documents.envelopes().stream()
                .filter(each -> each.type() == Type.PIN)
                .toList();
        assertEquals(1, pins.size());
        Pin pin = Pin.verify(pins.getFirst(), fleet.root()).document();
        assertEquals(key.id(), pin.sequence().key());
        assertEquals(
                2,
                documents.envelopes().stream()
                        .filter(each -> each.type() == Type.ROOT)
                        .count());
    }

    @Test
    void anOfflineDirectorsPinIsTakenInAndPassedOn() throws IOException {
        Hash release = release("web", 1);
        SigningKey recovery = key("keys/recovery.pem");
        JoinedHost host = JoinedHost.join(fleet);
        Pin pin = pin(recovery, 7, release);

        assertEquals(true, submit(pin.sign(List.of(recovery))).path("new").asBoolean());
        assertEquals(false, submit(pin.sign(List.of(recovery))).path("new").asBoolean());

        assertTrue(
                host.client.documents(0, Duration.ZERO).envelopes().stream().anyMatch(each -> each.type() == Type.PIN));
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}");
        assertThrows(Refused.class, () -> submit(pin(recovery, 6, release).sign(List.of(recovery))));
    }

    @Test
    void aListShutsHostsOutAndTakesReleasesBack() throws IOException {
        Hash release = release("web", 1);
        JoinedHost host = JoinedHost.join(fleet);
        String id = host.id();
        SigningKey releaseKey = fleet.releaseKey;
        Revocations list =
                Revocations.none().withMember(Subject.Role.HOST, id, 1).withRelease(release, 2);

        assertThrows(Refused.class, () -> submit(list.sign(List.of(key("keys/recovery.pem")))));
        submit(list.sign(List.of(releaseKey)));

        assertThrows(IOException.class, () -> host.client.documents(0, Duration.ZERO));
        assertRefused(Reason.REVOKED, "{\"ref\":\"web\"}");
        assertThrows(
                Refused.class,
                () -> submit(
                        Revocations.none().withMember(Subject.Role.HOST, id, 1).sign(List.of(releaseKey))));
        fleet.restart();
        assertRefused(Reason.REVOKED, "{\"ref\":\"web\"}");
        String kept = JSON.readTree(fleet.operator().get("/v1/revocations"))
                .path("document")
                .asText();
        assertEquals(
                list,
                Revocations.verify(Envelope.decode(Base64.getDecoder().decode(kept)), fleet.root())
                        .document());
    }

    private Hash release(String name, long counter) throws IOException {
        JsonNode image = JSON.readTree(fleet.publish(name, Long.toString(counter), counter));
        return Hash.parse(image.path("release").asText());
    }

    private SigningKey key(String file) throws IOException {
        return SigningKey.load(directory.resolve(file));
    }

    private static Pin pin(SigningKey key, long number, Hash release) {
        long now = System.currentTimeMillis();
        return new Pin(
                "web",
                Scope.all(),
                new Order.Run(release),
                Wave.all(),
                new Pin.Sequence(key.id(), number, Pin.Sequence.NONE),
                new Pin.Terms(0, 0, false, new Pin.Times(now, 0, 0, now + 1_000_000)));
    }

    private Envelope root(SigningKey director) throws IOException {
        Root now = fleet.root();
        Map<KeyRole, Signers> roles = new EnumMap<>(now.roles());
        Signers directors = Signers.of(
                1, List.of(director.verifyKey(), key("keys/recovery.pem").verifyKey()));
        roles.put(KeyRole.DIRECTOR, directors);
        roles.put(KeyRole.FRESHNESS, Signers.of(1, List.of(director.verifyKey())));
        return now.next(roles, now.terms(), 5).sign(List.of(key("keys/root.pem")));
    }

    private JsonNode submit(Envelope document) throws IOException {
        String base64 = Base64.getEncoder().encodeToString(document.encode());
        return JSON.readTree(fleet.operator().post("/v1/documents", "{\"document\":\"" + base64 + "\"}"));
    }

    private void assertRefused(Reason reason, String pin) {
        assertEquals(
                reason,
                assertThrows(Refused.class, () -> fleet.operator().post("/v1/pins", pin))
                        .reason());
    }
}
