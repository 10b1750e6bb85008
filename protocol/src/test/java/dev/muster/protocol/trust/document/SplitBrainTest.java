package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Two coordinators that do not see each other pin different releases under one name, and then their documents meet: in
/// whatever order a host hears of them, and however often it restarts, every host ends on the same release, and none
/// moves twice for one document.
final class SplitBrainTest {
    private static final int HOSTS = 6;
    private static final int RELEASES = 4;

    private final Trial trial = trial();
    private final List<Envelope> releases = releases();

    @Seeded(runs = 25)
    void everyHostEndsOnTheSameReleaseAndNoneMovesTwiceForOnePin(RandomGenerator random) {
        List<Envelope> documents = documents(random);
        Set<Optional<Hash>> ends = new HashSet<>();
        Set<Set<String>> held = new HashSet<>();

        for (int host = 0; host < HOSTS; host++) {
            Trial one = hear(FleetFixture.shuffled(documents, random), random);
            ends.add(Optional.ofNullable(one.duties().run().get("web"))
                    .map(duty -> duty.release().hash()));
            held.add(one.duties().held());
        }

        assertEquals(1, ends.size(), "where hosts end");
        assertEquals(1, held.size(), "what hosts hold");
    }

    /// Each coordinator's numbers go up; sometimes one signs two pins under one number, as a copy of it would.
    private List<Envelope> documents(RandomGenerator random) {
        List<Envelope> documents = new ArrayList<>(releases);
        for (SigningKey director : List.of(trial.director, trial.otherDirector)) {
            long number = 1L + random.nextInt(3);
            for (int i = 0; i < 4; i++) {
                documents.add(pin(director, number, random));
                if (random.nextInt(8) == 0) {
                    documents.add(pin(director, number, random));
                }
                number += 1 + random.nextInt(2);
            }
            documents.add(trial.freshness(director, 1, Trial.NOW));
        }
        return documents;
    }

    private Envelope pin(SigningKey director, long number, RandomGenerator random) {
        return trial.pin(
                director, number, releases.get(random.nextInt(RELEASES)).hash());
    }

    private Trial hear(List<Envelope> documents, RandomGenerator random) {
        Beliefs begin = trial.beliefs;
        Set<Hash> obeyed = new HashSet<>();
        Optional<Hash> now = Optional.empty();
        Trial host = trial();
        host.beliefs = begin;
        for (Envelope document : documents) {
            Beliefs.Verdict _ = host.offer(document);
            if (random.nextInt(4) == 0) {
                host.restart();
            }
            Map<String, Duties.Duty> run = host.duties().run();
            Optional<Hash> by = Optional.ofNullable(run.get("web")).map(Duties.Duty::by);
            if (by.isPresent() && !by.equals(now)) {
                assertTrue(obeyed.add(by.get()), "a host moves twice for " + by.get());
            }
            now = by.isPresent() ? by : now;
        }
        return host;
    }

    private List<Envelope> releases() {
        List<Envelope> all = new ArrayList<>();
        for (int i = 1; i <= RELEASES; i++) {
            all.add(trial.release("web", "v" + i, i));
        }
        return all;
    }

    private static Trial trial() {
        try {
            return Trial.plain();
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }
}
