package dev.muster.agent.activate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HookTest {
    @TempDir
    Path dir;

    @Test
    void itGetsNameReleaseAndTarget() throws Exception {
        Path seen = dir.resolve("seen");
        Hook hook = hook("echo \"$1 $2 $3\" > " + seen);

        assertEquals(Optional.empty(), hook.run("disk", "disk:1", Path.of("/images/x.raw")));

        assertEquals("disk disk:1 /images/x.raw\n", Files.readString(seen));
    }

    @Test
    void aStatusThatIsNotZeroIsARefusalWithItsWords() throws Exception {
        Optional<String> refusal = hook("echo no space for logs; exit 3").run("disk", "disk:1", dir);

        assertTrue(refusal.orElseThrow().contains("found 3: no space for logs"), refusal.toString());
    }

    @Test
    void oneThatDoesNotEndIsEnded() throws Exception {
        Path script = script("sleep 600");

        Optional<String> refusal = new Hook(script, Duration.ofMillis(200)).run("disk", "disk:1", dir);

        assertTrue(refusal.orElseThrow().contains("expected an end within"), refusal.toString());
    }

    @Test
    void oneThatIsNotThereIsARefusal() throws Exception {
        Optional<String> refusal = new Hook(dir.resolve("none"), Duration.ofSeconds(5)).run("disk", "disk:1", dir);

        assertTrue(refusal.orElseThrow().contains("none"), refusal.toString());
    }

    private Hook hook(String body) throws IOException {
        return new Hook(script(body), Duration.ofSeconds(20));
    }

    private Path script(String body) throws IOException {
        Path script = Files.writeString(dir.resolve("hook"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }
}
