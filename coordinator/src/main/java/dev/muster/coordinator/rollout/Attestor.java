package dev.muster.coordinator.rollout;

import dev.muster.coordinator.catalog.EnvelopeFormat;
import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Freshness;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.key.KeyId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Signs what is newest: after each change, and every hour. Safe for threads.
public final class Attestor {
    /// How long hosts take it for fresh.
    public static final Duration LIFE = Duration.ofDays(1);

    private static final Duration AGAIN = Duration.ofHours(1);
    private static final String NEWEST = "newest";

    private final RecordFiles<Envelope> files;
    private final Director director;
    private final InstantSource clock;
    private Optional<Signed<Freshness>> newest = Optional.empty();

    private Attestor(RecordFiles<Envelope> files, Director director, InstantSource clock) {
        this.files = files;
        this.director = director;
        this.clock = clock;
    }

    public static Attestor open(Path directory, Director director, Root root, InstantSource clock) throws IOException {
        Attestor attestor = new Attestor(RecordFiles.open(directory, new EnvelopeFormat()), director, clock);
        for (Envelope envelope : attestor.files.load().values()) {
            try {
                attestor.newest = Optional.of(Freshness.verify(envelope, root));
            } catch (Refused _) {
                // Of a key that is no more: numbers begin anew with the next.
            }
        }
        return attestor;
    }

    /// What is newest now; none if this coordinator's key may not say so, or not
    /// alone.
    ///
    /// @param revocations number of the newest list
    /// @param pins by director
    public synchronized Optional<Signed<Freshness>> attest(Root root, long revocations, SortedMap<KeyId, Long> pins)
            throws IOException {
        Signers signers = root.signers(KeyRole.FRESHNESS);
        if (signers.threshold() > 1
                || !signers.keys().containsKey(director.key().id())) {
            return Optional.empty();
        }
        Freshness.Newest numbers = new Freshness.Newest(root.number(), revocations, pins);
        if (!isDue() && newest.filter(known -> says(known.document(), numbers)).isPresent()) {
            return newest;
        }
        long now = clock.millis();
        long above = newest.map(known -> known.document().number()).orElse(0L);
        Freshness freshness = new Freshness(
                director.key().id(), Math.max(above + 1, now), new Freshness.Span(now, now + LIFE.toMillis()), numbers);
        Signed<Freshness> signed = Freshness.verify(freshness.sign(List.of(director.key())), root);
        files.put(NEWEST, signed.envelope());
        newest = Optional.of(signed);
        return newest;
    }

    /// Whether it is time to say it again.
    public synchronized boolean isDue() {
        return newest.filter(known -> clock.millis() - known.document().span().created() < AGAIN.toMillis())
                .isEmpty();
    }

    private boolean says(Freshness known, Freshness.Newest numbers) {
        return known.newest().equals(numbers)
                && known.key().equals(director.key().id());
    }
}
