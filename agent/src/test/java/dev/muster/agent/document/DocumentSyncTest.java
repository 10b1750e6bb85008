package dev.muster.agent.document;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentSyncTest {
    @TempDir
    Path dir;

    private final FleetFixture fleet = FleetFixture.plain();
    private final Map<Hash, byte[]> atPeers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private Documents documents;
    private DocumentSync sync;

    @BeforeEach
    void open() throws Exception {
        Envelope root = fleet.root.sign(List.of(fleet.rootKey));
        documents = Documents.open(
                dir,
                RootChain.of(root.hash(), List.of(root)),
                Release.Fit.any(),
                () -> Instant.ofEpochMilli(FleetFixture.NOW));
        sync = new DocumentSync(documents, new NoUpstream(), this::ask);
    }

    @AfterEach
    void close() {
        sync.close();
    }

    @Test
    void aPeerThatDoesNotGiveWhatItOfferedIsLeftAtOnce() throws Exception {
        List<Hash> lies = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            lies.add(Hash.of(("lie " + i).getBytes(StandardCharsets.UTF_8)));
        }
        Hash release = release("1").hash();
        sync.offered("silent", lies);
        sync.offered("good", List.of(release));

        sync.start(changes::incrementAndGet);

        eventually("the good one is heard", () -> documents.has(release));
        assertEquals(List.of("silent", "good"), asked);
    }

    @Test
    void whatCameTogetherIsToldOnce() throws Exception {
        List<Hash> offer =
                List.of(release("1").hash(), release("2").hash(), release("3").hash());
        sync.offered("good", offer);

        sync.start(changes::incrementAndGet);

        eventually("all are here", () -> changes.get() > 0);
        assertEquals(1, changes.get());
        assertEquals(3, documents.releases().size());
    }

    @Test
    void aReleaseThatAPinOrdersIsAskedForOfAnyPeer() throws Exception {
        Signed<Release> release = release("1");
        documents.offer(fleet.pin(fleet.director, 1).run(release.hash()).sign().envelope());
        sync.connected("good");

        sync.start(changes::incrementAndGet);

        eventually("it is here", () -> documents.has(release.hash()));
    }

    private Signed<Release> release(String version) throws Exception {
        Signed<Release> release = fleet.signed(FleetFixture.release("web", version, 1));
        atPeers.put(release.hash(), release.envelope().encode());
        return release;
    }

    private byte[] ask(Hash hash, String peer) throws Unreachable {
        asked.add(peer);
        byte[] found = atPeers.get(hash);
        if (found == null) {
            throw new Unreachable("it does not answer");
        }
        return found;
    }
}
