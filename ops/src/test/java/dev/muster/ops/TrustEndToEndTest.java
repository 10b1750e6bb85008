package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The work of those who hold keys, with the programs that they use: a ceremony of two signers, a release that is
/// signed on other machines, a host that is shut out, and the worst day, on which no coordinator is left.
@Timeout(240)
final class TrustEndToEndTest {
    @TempDir
    Path directory = Path.of("");

    private FleetOnOneMachine fleet = new FleetOnOneMachine(directory);

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void keysAreRotatedReleasesSignedElsewhereAndTheWorstDayIsSurvived() throws Exception {
        fleet = new FleetOnOneMachine(directory);
        fleet.start();
        Path first = image("first", 1);
        Path second = image("second", 2);

        String one = fleet.publish(first, "web:1").path("release").asText();
        twoOfTwoSignReleasesFromNowOn(one);
        aReleaseIsSignedByTwoMachines(second);
        String two = fleet.run("image", "show", "web:2").json().path("release").asText();
        assertEquals(0, fleet.run("pin", "all", "web:2").exit());
        runs(1, two);
        runs(2, two);

        assertEquals(0, fleet.run("pull", "web:1", "--home", fleet.home(1)).exit());
        fleet.run("pin", "--local", "ghost:1", "--home", fleet.home(1)).failed(10, "expected a signed release");
        assertEquals(
                0, fleet.run("pin", "--local", "web:1", "--home", fleet.home(1)).exit());
        runs(1, one);
        runs(2, two);
        assertEquals(
                0, fleet.run("unpin", "--local", "web", "--home", fleet.home(1)).exit());
        runs(1, two);

        fleet.stop(0);
        theRecoveryDirectorGoesBackWithNoCoordinator(one);
    }

    /// Two keys that never were on the coordinator's machine are added; they sign what must stay a release; and then
    /// the one that `init` made goes.
    private void twoOfTwoSignReleasesFromNowOn(String release) throws IOException {
        Files.writeString(directory.resolve("secret"), "correct horse battery staple\n");
        for (String signer : new String[] {"anna", "bert"}) {
            String[] make = {"keys", "make", "release-" + signer, "--keys", fleet.path(signer)};
            Ended made = fleet.run(with(make, "--passphrase-file", fleet.path("secret")));
            assertEquals(0, made.exit(), made::toString);
        }
        String old = key("release");
        String anna = fleet.path("anna/release-anna.pub");
        String bert = fleet.path("bert/release-bert.pub");
        nextRoot(2, "release", "--add", anna, "--add", bert);
        resignFirst(release);
        nextRoot(3, "release", "--drop", old, "--threshold", "2");
    }

    private void nextRoot(int number, String... rotation) throws IOException {
        String request = fleet.path("root-" + number + ".request");
        Ended rotated = fleet.run(with(with(new String[] {"keys", "rotate"}, rotation), "--out", request));
        assertEquals(0, rotated.exit(), rotated::toString);
        fleet.run("keys", "submit", request).failed(11, "expected signatures by 1 of 1 keys");
        Ended signed = fleet.run("keys", "sign", request, "--keys", fleet.path("fleet/keys"));
        assertEquals(0, signed.exit(), signed::toString);
        Ended submitted = fleet.run("keys", "submit", request);
        assertEquals(0, submitted.exit(), submitted::toString);
        assertEquals(number, fleet.run("keys", "list").json().path("root").asInt());
    }

    private static String[] with(String[] some, String... more) {
        return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private String key(String name) throws IOException {
        for (JsonNode file : fleet.run("keys", "list", "--keys", fleet.path("fleet/keys"))
                .json()
                .path("files")) {
            if (file.path("file").asText().endsWith("/" + name + ".pem")) {
                return file.path("key").asText();
            }
        }
        throw new AssertionError("no key called " + name);
    }

    private void aReleaseIsSignedByTwoMachines(Path image) {
        String request = fleet.path("web-2.request");
        Ended asked = fleet.run(
                "release", "request", image.toString(), "--as", "web:2", "--out", request, "--home", fleet.home(1));
        assertEquals(0, asked.exit(), asked::toString);
        sign(request, "anna");
        fleet.run("release", "register", request, "--home", fleet.home(1))
                .failed(11, "expected signatures by 2 of 2 keys");
        fleet.run("release", "sign", request, "--keys", fleet.path("bert")).failed(2, "passphrase");
        sign(request, "bert");
        Ended registered = fleet.run("release", "register", request, "--home", fleet.home(1));
        assertEquals(0, registered.exit(), registered::toString);
    }

    private void sign(String file, String signer) {
        Ended signed = fleet.run(
                "release", "sign", file, "--keys", fleet.path(signer), "--passphrase-file", fleet.path("secret"));
        assertEquals(0, signed.exit(), signed::toString);
    }

    /// What only the old key has signed is signed by the new ones too, before that goes.
    private void resignFirst(String release) throws IOException {
        Path kept = directory.resolve("fleet/coordinator/releases").resolve(release.substring("sha256:".length()));
        Path file = directory.resolve("web-1.request");
        Files.copy(kept, file);
        sign(file.toString(), "anna");
        sign(file.toString(), "bert");
        Ended registered = fleet.run("release", "register", file.toString(), "--home", fleet.home(1));
        assertEquals(0, registered.exit(), registered::toString);
    }

    private void theRecoveryDirectorGoesBackWithNoCoordinator(String release) throws Exception {
        String file = fleet.path("recovery.pin");
        Ended made = fleet.run(
                "pin", "all", "web:1", "--out", file, "--keys", fleet.path("fleet/keys"), "--home", fleet.home(1));
        assertEquals(0, made.exit(), made::toString);

        assertTrue(fleet.run("pin", "import", file, "--home", fleet.home(2))
                .json()
                .path("new")
                .asBoolean());

        runs(2, release);
        runs(1, release);
    }

    private void runs(int agent, String release) throws Exception {
        for (int i = 0; i < 600; i++) {
            JsonNode status = fleet.agentStatus(agent);
            if (status.path("running").path("web").path("release").asText().equals(release)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("agent " + agent + " does not run " + release + ": " + fleet.agentStatus(agent));
    }

    private Path image(String name, int seed) throws IOException {
        byte[] bytes = new byte[3 << 20];
        new Random(seed).nextBytes(bytes);
        return Files.write(directory.resolve(name + ".img"), bytes);
    }
}
