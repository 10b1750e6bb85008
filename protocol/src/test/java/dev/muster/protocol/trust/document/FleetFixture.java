package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Validity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A fleet with all its keys in memory, which signs whatever a test asks for.
public final class FleetFixture {
    public static final String FLEET = "lab";
    public static final long NOW = 1_800_000_000_000L;

    public final SigningKey rootKey;
    public final SigningKey releaseKey;
    public final SigningKey director;
    public final SigningKey otherDirector;
    public final FleetCa caRoot = caRoot();
    public final Root root;

    /// A fleet whose signers sign by these algorithms.
    public FleetFixture(Set<Algorithm> algorithms) {
        rootKey = SigningKey.generate(algorithms);
        releaseKey = SigningKey.generate(algorithms);
        director = SigningKey.generate(algorithms);
        otherDirector = SigningKey.generate(algorithms);
        root = root(1, algorithms, List.of(director, otherDirector));
    }

    /// A fleet as `muster init` makes it.
    public static FleetFixture hybrid() {
        return new FleetFixture(SigningKey.HYBRID);
    }

    /// A fleet that signs fast.
    public static FleetFixture plain() {
        return new FleetFixture(Set.of(Algorithm.ED25519));
    }

    /// A root of this fleet with other directors.
    public Root root(long number, Set<Algorithm> algorithms, List<SigningKey> directors) {
        Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        roles.put(KeyRole.ROOT, signers(List.of(rootKey)));
        roles.put(KeyRole.RELEASE, signers(List.of(releaseKey)));
        roles.put(KeyRole.DIRECTOR, signers(directors));
        roles.put(KeyRole.FRESHNESS, signers(directors));
        return new Root(FLEET, number, NOW, algorithms, roles, new Root.Terms(caRoot.rootHash(), 0, 30));
    }

    public static Signers signers(List<SigningKey> keys) {
        return Signers.of(1, keys.stream().map(SigningKey::verifyKey).toList());
    }

    /// As old as a fleet whose certificates have run out already.
    private static FleetCa caRoot() {
        Instant made = Instant.now().minus(Duration.ofDays(365));
        return FleetCa.createRoot(FLEET, Validity.from(made, Duration.ofDays(3650)));
    }

    /// A release of one disk, with a manifest and content that depend on name and version only.
    public static Release release(String name, String version, long counter) {
        Hash seed = Hash.of((name + ":" + version).getBytes(StandardCharsets.UTF_8));
        Artifact disk =
                new Artifact(Artifact.DISK, 1 << 20, new ContentId(seed), new ManifestId(Hash.of(seed.toBytes())));
        return release(name, version, counter, List.of(disk));
    }

    public static Release release(String name, String version, long counter, List<Artifact> artifacts) {
        return new Release(
                new Release.Name(name, version), counter, Release.Fit.any(), NOW, artifacts, Release.Extras.none());
    }

    public Signed<Release> signed(Release release) throws Refused {
        return Release.verify(release.sign(List.of(releaseKey)), root);
    }

    /// A pin of this director; [PinDraft] makes any other.
    public PinDraft pin(SigningKey key, long number) {
        return new PinDraft(this, key, number);
    }

    /// A pin to be, of which a test changes what it cares about.
    public static final class PinDraft {
        private final FleetFixture fleet;
        private final SigningKey key;
        private final long number;
        private String name = "web";
        private Scope scope = Scope.all();
        private Order order = new Order.Run(Hash.of(new byte[] {1}));
        private Wave wave = Wave.all();
        private int priority;
        private int pace;
        private long notBefore = NOW;
        private long expires = NOW + Duration.ofDays(30).toMillis();

        private PinDraft(FleetFixture fleet, SigningKey key, long number) {
            this.fleet = fleet;
            this.key = key;
            this.number = number;
        }

        public PinDraft name(String name) {
            this.name = name;
            return this;
        }

        public PinDraft hosts(String... hosts) {
            this.scope = new Scope.Hosts(List.of(hosts));
            return this;
        }

        public PinDraft label(String label, String value) {
            this.scope = new Scope.Match(new TreeMap<>(Map.of(label, value)));
            return this;
        }

        public PinDraft run(Hash release) {
            this.order = new Order.Run(release);
            return this;
        }

        public PinDraft run(int release) {
            return run(Hash.of(new byte[] {(byte) release}));
        }

        public PinDraft withdraw() {
            this.order = new Order.Withdraw();
            return this;
        }

        public PinDraft order(Order order) {
            this.order = order;
            return this;
        }

        public PinDraft ppm(int ppm) {
            this.wave = new Wave.Fraction(ppm);
            return this;
        }

        public PinDraft wave(String... hosts) {
            this.wave = new Wave.Hosts(List.of(hosts));
            return this;
        }

        public PinDraft priority(int priority) {
            this.priority = priority;
            return this;
        }

        public PinDraft pace(int ppmPerHour) {
            this.pace = ppmPerHour;
            return this;
        }

        public PinDraft notBefore(long notBefore) {
            this.notBefore = notBefore;
            return this;
        }

        public PinDraft expires(long expires) {
            this.expires = expires;
            return this;
        }

        public Pin draft() {
            return new Pin(
                    name,
                    scope,
                    order,
                    wave,
                    new Pin.Sequence(key.id(), number, Pin.Sequence.NONE),
                    new Pin.Terms(priority, pace, false, new Pin.Times(NOW, notBefore, 0, expires)));
        }

        public Signed<Pin> sign() throws Refused {
            return Pin.verify(draft().sign(List.of(key)), fleet.root);
        }
    }

    /// The elements in another order.
    public static <T> List<T> shuffled(List<T> list, RandomGenerator random) {
        List<T> out = new ArrayList<>(list);
        Collections.shuffle(out, random);
        return out;
    }
}
