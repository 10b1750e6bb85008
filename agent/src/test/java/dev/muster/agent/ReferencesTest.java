package dev.muster.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.agent.document.Documents;
import dev.muster.agent.document.NoUpstream;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReferencesTest {
    @TempDir
    Path dir;

    private final FleetFixture fleet = FleetFixture.plain();

    @Test
    void whatACoordinatorAnswersIsTakenIfItIsCalledSo() throws Exception {
        Signed<Release> web = fleet.signed(FleetFixture.release("web", "1", 1));
        References references = references(web.envelope());
        String manifest = web.document().primary().manifest().toString();

        for (String reference : List.of(
                "web",
                "web:1",
                web.hash().hex().substring(0, 12),
                web.hash().toString(),
                manifest,
                manifest.substring(0, 20))) {
            assertEquals("web:1", references.resolve(reference).name(), reference);
        }
    }

    @Test
    void anotherReleaseThanTheOneMeantIsRefused() throws Exception {
        References references =
                references(fleet.signed(FleetFixture.release("web", "1", 1)).envelope());

        for (String reference : List.of("web:2", "db", "we", "sha256:" + "0".repeat(64))) {
            assertEquals(Reason.WRONG_HASH, refusal(references, reference), reference);
        }
    }

    @Test
    void anAnswerThatIsNoReleaseIsRefused() throws Exception {
        Envelope pin = fleet.pin(fleet.director, 1).sign().envelope();

        assertEquals(Reason.MALFORMED, refusal(references(pin), "web"));
    }

    private static Reason refusal(References references, String reference) {
        return assertThrows(Refused.class, () -> references.resolve(reference), reference)
                .reason();
    }

    private References references(Envelope answer) throws IOException {
        Envelope root = fleet.root.sign(List.of(fleet.rootKey));
        Documents documents = Documents.open(
                dir,
                RootChain.of(root.hash(), List.of(root)),
                Release.Fit.any(),
                () -> Instant.ofEpochMilli(FleetFixture.NOW));
        return new References(new MemoryChunkStore(), documents, new OneAnswer(answer));
    }

    /// A coordinator that always answers the same.
    private static final class OneAnswer extends NoUpstream {
        private final Envelope answer;

        OneAnswer(Envelope answer) {
            this.answer = answer;
        }

        @Override
        public Envelope resolve(String reference) {
            return answer;
        }
    }
}
