package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A host that believes, and all the keys of its fleet: two coordinators' directors, which sign freshness too, and one
/// that is kept offline. Roots are 2 of 3, releases 2 of 2.
final class Trial {
    static final long NOW = FleetFixture.NOW;
    static final long HOUR = 3_600_000;
    static final long DAY = 24 * HOUR;

    final Set<Algorithm> algorithms;
    final List<SigningKey> rootKeys;
    final List<SigningKey> releaseKeys;
    final SigningKey director;
    final SigningKey otherDirector;
    final SigningKey recovery;
    final Root root;
    final Envelope rootEnvelope;
    Beliefs beliefs;
    long clock = NOW;

    Trial(Set<Algorithm> algorithms) throws Refused {
        this.algorithms = algorithms;
        rootKeys = List.of(key(), key(), key());
        releaseKeys = List.of(key(), key());
        director = key();
        otherDirector = key();
        recovery = key();
        root = new RootDraft().build();
        rootEnvelope = root.sign(rootKeys.subList(0, 2));
        beliefs = Beliefs.of(RootChain.of(rootEnvelope.hash(), List.of(rootEnvelope)));
    }

    static Trial plain() throws Refused {
        return new Trial(Set.of(Algorithm.ED25519));
    }

    static Trial hybrid() throws Refused {
        return new Trial(SigningKey.HYBRID);
    }

    SigningKey key() {
        return SigningKey.generate(algorithms);
    }

    static Signers signers(int threshold, SigningKey... keys) {
        return Signers.of(
                threshold, List.of(keys).stream().map(SigningKey::verifyKey).toList());
    }

    /// A root to be, which begins as the fleet's first.
    final class RootDraft {
        private final Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        private long number = 1;
        private int ceiling;

        RootDraft() {
            roles.put(KeyRole.ROOT, signers(2, rootKeys.toArray(SigningKey[]::new)));
            roles.put(KeyRole.RELEASE, signers(2, releaseKeys.toArray(SigningKey[]::new)));
            roles.put(KeyRole.DIRECTOR, signers(1, director, otherDirector, recovery));
            roles.put(KeyRole.FRESHNESS, signers(1, director, otherDirector));
        }

        RootDraft number(long is) {
            number = is;
            return this;
        }

        RootDraft role(KeyRole role, int threshold, SigningKey... keys) {
            roles.put(role, signers(threshold, keys));
            return this;
        }

        RootDraft ceiling(int ppmPerHour) {
            ceiling = ppmPerHour;
            return this;
        }

        Root build() {
            return new Root(
                    FleetFixture.FLEET,
                    number,
                    NOW - 30 * DAY,
                    algorithms,
                    roles,
                    new Root.Terms(Hash.of(new byte[] {7}), ceiling, 30));
        }

        Envelope sign() {
            return build().sign(rootKeys.subList(0, 2));
        }
    }

    RootDraft nextRoot() {
        return new RootDraft().number(beliefs.root().number() + 1);
    }

    Envelope release(String name, String version, long counter) {
        return FleetFixture.release(name, version, counter).sign(releaseKeys);
    }

    Revocations list(long number) {
        return new Revocations(number, NOW, new TreeSet<>(), new TreeMap<>(), Revocations.Members.none());
    }

    Freshness fresh(SigningKey key, long number, long created, long expires) {
        SortedMap<KeyId, Long> pins = new TreeMap<>();
        beliefs.pins()
                .forEach(pin -> pins.merge(
                        pin.document().sequence().key(),
                        pin.document().sequence().number(),
                        Math::max));
        return new Freshness(key.id(), number, new Freshness.Span(created, expires), new Freshness.Newest(1, 0, pins));
    }

    Envelope freshness(SigningKey key, long number, long created) {
        return fresh(key, number, created, created + DAY).sign(List.of(key));
    }

    Envelope pin(SigningKey key, long number, Hash release) {
        return pin(key, number, release, clock);
    }

    Envelope pin(SigningKey key, long number, Hash release, long created) {
        return pin(key, number, new Order.Run(release), Wave.all(), created).sign(List.of(key));
    }

    Pin pin(SigningKey key, long number, Order order, Wave wave, long created) {
        Pin.Times times = new Pin.Times(created, 0, 0, created + 30 * DAY);
        return new Pin(
                "web",
                Scope.all(),
                order,
                wave,
                new Pin.Sequence(key.id(), number, Hash.of(new byte[] {(byte) number})),
                new Pin.Terms(0, 0, false, times));
    }

    Beliefs.Verdict judge(Envelope envelope) {
        return beliefs.judge(envelope, clock);
    }

    /// Goes on as the host would.
    Beliefs.Verdict offer(Envelope envelope) {
        Beliefs.Verdict verdict = judge(envelope);
        switch (verdict) {
            case Beliefs.Verdict.Believed(Beliefs next) -> beliefs = next;
            case Beliefs.Verdict.Known() -> {}
            case Beliefs.Verdict.Refusal(Attack _, var _, var next) -> next.ifPresent(changed -> beliefs = changed);
        }
        return verdict;
    }

    Trial believe(Envelope... envelopes) {
        for (Envelope envelope : envelopes) {
            Beliefs.Verdict verdict = offer(envelope);
            assertInstanceOf(Beliefs.Verdict.Believed.class, verdict, verdict.toString());
        }
        return this;
    }

    /// The attack that the document is refused as; nothing else has changed.
    Attack refused(Envelope envelope) {
        Numbers before = beliefs.numbers();
        List<Hash> documents = beliefs.hashes();
        Beliefs.Verdict.Refusal refusal = assertInstanceOf(Beliefs.Verdict.Refusal.class, judge(envelope));
        assertEquals(before, beliefs.numbers());
        assertEquals(documents, beliefs.hashes());
        return refusal.attack();
    }

    void assertRefused(Class<? extends Attack> attack, Envelope envelope) {
        assertInstanceOf(attack, refused(envelope));
    }

    /// The same host after a restart, from what it kept.
    void restart() {
        List<Envelope> roots =
                beliefs.roots().roots().stream().map(Signed::envelope).toList();
        Beliefs.Kept kept = new Beliefs.Kept(
                beliefs.releases().values().stream().map(Signed::envelope).toList(),
                beliefs.pins().stream().map(Signed::envelope).toList(),
                beliefs.freshness().stream().map(Signed::envelope).toList(),
                beliefs.revocations().map(Signed::envelope).stream().toList());
        beliefs = Beliefs.restore(chain(roots), kept, beliefs.numbers(), clock, (envelope, e) -> {
            throw new AssertionError(envelope.type() + " is refused after a restart", e);
        });
    }

    static RootChain chain(List<Envelope> roots) {
        try {
            return RootChain.of(roots.getFirst().hash(), new ArrayList<>(roots));
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }

    Duties duties() {
        return duties("h1", Release.Fit.any());
    }

    Duties duties(String host, Release.Fit fit) {
        return beliefs.decide(new Duties.Self(host, Map.of("site", "a"), fit, Map.of()), clock);
    }

    /// The release that the host is to run.
    Hash runs() {
        Duties.Duty duty = duties().run().get("web");
        if (duty == null) {
            throw new AssertionError("nothing decides: " + duties());
        }
        return duty.release().hash();
    }
}
