package dev.muster.coordinator.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.coordinator.FleetInit;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootsTest {
    @TempDir
    Path directory;

    @Test
    void anOlderRootThatComesAgainChangesNothing() throws IOException {
        FleetInit.Made made = FleetInit.create(directory, "lab", new Address("127.0.0.1", 1), Instant.now());
        SigningKey key = SigningKey.load(made.keys().resolve("root.pem"));
        Path home = made.coordinator().resolve("roots");
        Roots roots = Roots.open(home);
        Root first = roots.newest();
        Root second = new Root(first.fleet(), 2, first.created(), first.required(), first.roles(), first.terms());
        roots.step(second.sign(List.of(key)));

        assertEquals(2, roots.step(roots.envelopes().getFirst()).number());

        assertEquals(2, Roots.open(home).newest().number());
    }
}
