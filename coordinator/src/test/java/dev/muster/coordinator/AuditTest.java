package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.coordinator.history.AuditLog;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.AuditEntry;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Who may order what, and that it is written down.
final class AuditTest extends WithCoordinator {
    @Test
    void whoMayLookMayNotOrderAndWhoMayOrderMayNotAdmit() throws IOException {
        CoordinatorClient viewer = admit("anna", "viewer");
        CoordinatorClient operator = admit("bert", "operator");
        CoordinatorClient admin = admit("carl", "admin");
        fleet.publish("web", "1", 1);

        for (CoordinatorClient anybody : List.of(viewer, operator, admin)) {
            anybody.get("/v1/status");
            anybody.get("/v1/images");
        }
        assertNotAllowed(() -> viewer.post("/v1/tokens", "{}"));
        assertNotAllowed(() -> viewer.post("/v1/pins", "{\"ref\":\"web\"}"));
        assertNotAllowed(() -> viewer.put("/v1/images/web", "{\"retired\":true}"));
        operator.post("/v1/pins", "{\"ref\":\"web\"}");
        assertNotAllowed(() -> operator.delete("/v1/hosts/h1"));
        assertNotAllowed(() -> operator.post("/v1/documents", "{\"document\":\"\"}"));
        assertNotAllowed(() -> admit(operator, "dora", "admin"));
        admit(admin, "dora", "viewer");
    }

    @Test
    void ordersAreWrittenDownWithWhoAndWhatCameOfThem() throws IOException {
        fleet.publish("web", "1", 1);
        CoordinatorClient bert = admit("bert", "operator");
        bert.post("/v1/pins", "{\"ref\":\"web\"}");
        assertThrows(IOException.class, () -> bert.post("/v1/pins", "{\"ref\":\"ghost\"}"));
        fleet.restart();

        List<AuditEntry> log = fleet.operator().audit(0);

        List<String> pins = log.stream()
                .filter(entry -> entry.what().startsWith("POST /v1/pins"))
                .map(entry -> entry.who() + " " + entry.outcome().replaceAll(":.*", ""))
                .toList();
        String who = "muster://lab/operator/bert ";
        assertEquals(List.of(who + "begun", who + "done", who + "begun", who + "Unknown"), pins);
        Hash before = AuditEntry.NONE;
        for (AuditEntry entry : log) {
            AuditEntry.checkFollows(entry.number() - 1, before, entry);
            before = entry.hash();
        }
        assertEquals(log.subList(2, log.size()), fleet.operator().audit(2));
    }

    @Test
    void anEntryThatWasChangedOrTakenOutIsFoundAndATornOneIsDropped() throws IOException {
        Path home = directory.resolve("log");
        try (AuditLog log = AuditLog.open(home, InstantSource.system())) {
            for (int i = 0; i < 3; i++) {
                log.append("somebody", "something " + i, "done");
            }
        }
        Path file = home.resolve("log");
        byte[] good = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(good, good.length - 3));
        try (AuditLog log = AuditLog.open(home, InstantSource.system())) {
            assertEquals(2, log.after(0).size());
            log.append("somebody", "something else", "done");
            assertEquals(3, log.after(0).getLast().number());
        }
        int entry = good.length / 3;
        for (int i = Integer.BYTES; i < 2 * entry; i++) {
            if (i >= entry && i < entry + Integer.BYTES) {
                continue; // A length that is too long looks like an entry that was cut off.
            }
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertThrows(Corrupt.class, () -> AuditLog.open(home, InstantSource.system()), "byte " + i);
        }
        Files.write(file, Arrays.copyOfRange(good, entry, good.length));
        assertThrows(Corrupt.class, () -> AuditLog.open(home, InstantSource.system()));
    }

    private CoordinatorClient admit(String id, String role) throws IOException {
        return admit(fleet.operator(), id, role);
    }

    private CoordinatorClient admit(CoordinatorClient by, String id, String role) throws IOException {
        SigningKey key = SigningKey.generate(SigningKey.TLS);
        String request = Base64.getEncoder().encodeToString(Request.of(key));
        String answer = by.post(
                "/v1/operators", "{\"id\":\"" + id + "\",\"role\":\"" + role + "\",\"request\":\"" + request + "\"}");
        String enrolment = new ObjectMapper().readTree(answer).path("enrolment").asText();
        assertTrue(!enrolment.isEmpty(), answer);
        Enrolment made = Enrolment.decode(Base64.getDecoder().decode(enrolment));
        return fleet.client(new TlsKeys(new TlsIdentity(key, made.chain())));
    }

    private static void assertNotAllowed(Executable call) {
        assertEquals(Reason.NOT_ALLOWED, assertThrows(Refused.class, call).reason());
    }
}
