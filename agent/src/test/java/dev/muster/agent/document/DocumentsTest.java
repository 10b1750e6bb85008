package dev.muster.agent.document;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentsTest {
    private static final Map<String, String> LABELS = Map.of("site", "a");

    @TempDir
    Path dir;

    private final FleetFixture fleet = FleetFixture.plain();

    @Test
    void whatWasTakenInDecidesAfterARestartToo() throws Exception {
        Signed<Release> one = fleet.signed(FleetFixture.release("web", "1", 1));
        Envelope pin = fleet.pin(fleet.director, 1).run(one.hash()).sign().envelope();
        Documents before = open();

        assertEquals(Documents.Outcome.NEW, before.offer(one.envelope()));
        assertEquals(Documents.Outcome.NEW, before.offer(pin));
        assertEquals(Documents.Outcome.KNOWN, before.offer(pin));

        Documents after = open();
        assertEquals(pin.hash(), decided(after));
        assertEquals(Set.of(), after.missing());
        assertArrayEquals(pin.encode(), after.bytes(pin.hash()).orElseThrow());
        assertTrue(after.has(one.hash()));
    }

    @Test
    void aPinWithoutItsReleaseSaysWhatIsMissing() throws Exception {
        Signed<Release> one = fleet.signed(FleetFixture.release("web", "1", 1));
        Documents documents = open();

        documents.offer(fleet.pin(fleet.director, 1).run(one.hash()).sign().envelope());

        assertEquals(Set.of(one.hash()), documents.missing());
    }

    @Test
    void anOldPinIsAReplayAlsoAfterARestart() throws Exception {
        Signed<Release> one = fleet.signed(FleetFixture.release("web", "1", 1));
        Signed<Release> two = fleet.signed(FleetFixture.release("web", "2", 2));
        Envelope old = fleet.pin(fleet.director, 1).run(one.hash()).sign().envelope();
        Documents before = open();
        before.offer(fleet.pin(fleet.director, 2).run(two.hash()).sign().envelope());

        assertEquals(Reason.REPLAYED, refusal(before, old));
        assertEquals(Reason.REPLAYED, refusal(open(), old));
    }

    @Test
    void aPinWhoseNumberWasNotWrittenBeforeACrashCountsAndSupersedes() throws Exception {
        Signed<Release> one = fleet.signed(FleetFixture.release("web", "1", 1));
        Signed<Release> two = fleet.signed(FleetFixture.release("web", "2", 2));
        Envelope old = fleet.pin(fleet.director, 1).run(one.hash()).sign().envelope();
        Envelope pin = fleet.pin(fleet.director, 2).run(two.hash()).sign().envelope();
        open().offer(old);
        Path superseded = dir.resolve("pin").resolve(old.hash().hex());
        byte[] oldFile = Files.readAllBytes(superseded);
        byte[] numbers = Files.readAllBytes(dir.resolve("numbers-a"));
        open().offer(pin);
        Files.write(superseded, oldFile);
        Files.write(dir.resolve("numbers-a"), numbers);
        Files.write(dir.resolve("numbers-b"), numbers);

        Documents after = open();

        assertEquals(Set.of(two.hash()), after.missing());
        assertEquals(Documents.Outcome.KNOWN, after.offer(pin));
        assertFalse(Files.exists(superseded));
        assertEquals(Documents.Outcome.KNOWN, after.offer(old));
    }

    @Test
    void aPinThatIsNotOnTheDiskIsNotNumberedThereEither() throws Exception {
        Envelope pin = fleet.pin(fleet.director, 1).run(1).sign().envelope();
        Documents before = open();
        Files.delete(dir.resolve("pin")); // The pin cannot be written, as on a full disk.

        assertThrows(IOException.class, () -> before.offer(pin));

        assertEquals(Documents.Outcome.NEW, open().offer(pin));
    }

    @Test
    void theNewestReleasesArePassedOnFirst() throws Exception {
        Documents documents = open();
        List<Hash> newestFirst = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            Release release = FleetFixture.release("web", "v" + i, i);
            Release later = new Release(
                    release.name(), i, release.fit(), FleetFixture.NOW + i, release.artifacts(), release.extras());
            documents.offer(fleet.signed(later).envelope());
            newestFirst.addFirst(fleet.signed(later).hash());
        }

        newestFirst.addFirst(documents.roots().roots().getFirst().hash());
        assertEquals(newestFirst, documents.hashes());
        assertEquals(newestFirst, open().hashes());
    }

    @Test
    void twoPinsUnderOneNumberHoldTheNameAlsoAfterARestart() throws Exception {
        Signed<Release> one = fleet.signed(FleetFixture.release("web", "1", 1));
        Signed<Release> two = fleet.signed(FleetFixture.release("web", "2", 2));
        Documents before = open();
        before.offer(fleet.pin(fleet.director, 1).run(one.hash()).sign().envelope());

        assertEquals(
                Reason.EQUIVOCATION,
                refusal(
                        before,
                        fleet.pin(fleet.director, 1).run(two.hash()).sign().envelope()));

        assertEquals(Set.of("web"), before.decide("h1", LABELS).held());
        assertEquals(Set.of("web"), open().decide("h1", LABELS).held());
    }

    @Test
    void whatOthersSignedLeavesNoTrace() throws Exception {
        FleetFixture stranger = FleetFixture.plain();
        Signed<Release> foreign = stranger.signed(FleetFixture.release("web", "1", 1));
        Documents documents = open();

        assertEquals(Reason.NOT_SIGNED, refusal(documents, foreign.envelope()));
        assertEquals(
                Reason.NOT_SIGNED,
                refusal(
                        documents,
                        stranger.pin(stranger.director, 1)
                                .run(foreign.hash())
                                .sign()
                                .envelope()));

        assertEquals(List.of(documents.roots().roots().getFirst().hash()), documents.hashes());
        assertFalse(open().has(foreign.hash()));
    }

    private static Hash decided(Documents documents) {
        return Optional.ofNullable(documents.decide("h1", LABELS).run().get("web"))
                .orElseThrow()
                .by();
    }

    private static Reason refusal(Documents documents, Envelope envelope) {
        return assertThrows(Refused.class, () -> documents.offer(envelope)).reason();
    }

    private Documents open() throws IOException {
        Envelope root = fleet.root.sign(List.of(fleet.rootKey));
        return Documents.open(
                dir, RootChain.of(root.hash(), List.of(root)), Release.Fit.any(), () -> Instant.ofEpochMilli(FleetFixture.NOW));
    }
}
