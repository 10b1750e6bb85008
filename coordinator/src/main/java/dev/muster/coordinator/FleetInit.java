package dev.muster.coordinator;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.net.OperatorHome;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Makes a new fleet: all of its keys, its first root document, a coordinator's home and an operator.
///
/// ```
/// DIR/keys         root.pem release.pem recovery.pem ca-root.pem: belong offline
/// DIR/coordinator  the home of the first coordinator
/// DIR/operator     an operator: see OperatorHome
/// ```
public final class FleetInit {
    private static final String COORDINATOR_ID = "c1";
    private static final String OPERATOR_ID = "operator";
    private static final Duration CA_LIFE = Duration.ofDays(20 * 365);

    private final Path directory;
    private final String fleet;
    private final Address coordinator;
    private final Instant now;

    private FleetInit(Path directory, String fleet, Address coordinator, Instant now) {
        this.directory = directory;
        this.fleet = fleet;
        this.coordinator = coordinator;
        this.now = now;
    }

    /// What was made.
    ///
    /// @param root hash of the root document, which hosts pin at their first start
    /// @param offline files to take away from this machine
    public record Made(String fleet, Hash root, Path keys, Path coordinator, Path operator, List<Path> offline) {}

    /// @param fleet its name
    /// @param coordinator where the first coordinator will be reached
    /// @throws BadConfiguration if the directory has a fleet already
    public static Made create(Path directory, String fleet, Address coordinator, Instant now) throws IOException {
        if (!Names.isName(fleet)) {
            throw new BadConfiguration("fleet: expected a name of a-z 0-9 . _ -, found " + Names.printable(fleet, 80));
        }
        for (String part : List.of("keys", "coordinator", "operator")) {
            if (Files.exists(directory.resolve(part))) {
                throw new BadConfiguration(directory + ": expected no fleet there, found " + directory.resolve(part));
            }
        }
        return new FleetInit(directory, fleet, coordinator, now).make();
    }

    private Made make() throws IOException {
        Path keys = directory.resolve("keys");
        SigningKey rootKey = key(keys, "root.pem");
        SigningKey releaseKey = key(keys, "release.pem");
        SigningKey recovery = key(keys, "recovery.pem");
        FleetCa caRoot = FleetCa.createRoot(fleet, Validity.from(now, CA_LIFE));
        caRoot.save(keys.resolve("ca-root.pem"));
        SigningKey director = SigningKey.generate(SigningKey.HYBRID);
        Envelope root = root(caRoot.rootHash(), rootKey, releaseKey, recovery, director);
        makeOperator(caRoot, root);
        makeCoordinator(caRoot, root, director);
        return new Made(
                fleet,
                root.hash(),
                keys,
                directory.resolve("coordinator"),
                directory.resolve("operator"),
                Stream.of("root.pem", "release.pem", "recovery.pem", "ca-root.pem")
                        .map(keys::resolve)
                        .toList());
    }

    private static SigningKey key(Path keys, String file) throws IOException {
        DurableFile.createDirectory(keys, true);
        SigningKey key = SigningKey.generate(SigningKey.HYBRID);
        key.save(keys.resolve(file));
        return key;
    }

    private Envelope root(
            Hash caRoot, SigningKey rootKey, SigningKey release, SigningKey recovery, SigningKey director) {
        Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        roles.put(KeyRole.ROOT, oneOf(rootKey));
        roles.put(KeyRole.RELEASE, oneOf(release));
        roles.put(KeyRole.DIRECTOR, oneOf(director, recovery));
        roles.put(KeyRole.FRESHNESS, oneOf(director));
        Root root = new Root(
                fleet,
                1,
                now.toEpochMilli(),
                SigningKey.HYBRID,
                roles,
                new Root.Terms(caRoot, 0, Root.Terms.GRACE_DAYS));
        return root.sign(List.of(rootKey));
    }

    private static Signers oneOf(SigningKey... keys) {
        return Signers.of(1, Arrays.stream(keys).map(SigningKey::verifyKey).toList());
    }

    private void makeOperator(FleetCa caRoot, Envelope root) throws IOException {
        FleetCa ca =
                caRoot.createIntermediate(fleet, "operators", Validity.from(now, CoordinatorHome.INTERMEDIATE_LIFE));
        Validity life = Validity.from(now, CoordinatorConfig.Lives.defaults().operator());
        Subject subject = new Subject(fleet, Subject.Role.ADMIN, OPERATOR_ID);
        OperatorHome.create(
                directory.resolve("operator"), ca.issueIdentity(subject, Set.of(), life), root, List.of(coordinator));
    }

    /// Last, so that a fleet whose making was cut off has no coordinator that starts.
    private void makeCoordinator(FleetCa caRoot, Envelope root, SigningKey director) throws IOException {
        CoordinatorHome.create(
                directory.resolve("coordinator"),
                new Subject(fleet, Subject.Role.COORDINATOR, COORDINATOR_ID),
                coordinator,
                new CoordinatorHome.Means(caRoot, List.of(root), director),
                now);
    }

    /// What a coordinator's certificate says besides its subject, for browsers.
    static Set<String> addresses(CoordinatorConfig config) {
        return Set.of(config.address().host());
    }
}
