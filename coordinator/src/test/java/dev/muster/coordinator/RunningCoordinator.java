package dev.muster.coordinator;

import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/// A fleet made by `muster init` in a directory, with its coordinator running on a free port, and those who talk to it.
public final class RunningCoordinator implements AutoCloseable {
    public final FleetInit.Made made;
    public final SigningKey releaseKey;

    private final Path directory;
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(later.get());
    private final List<CoordinatorClient> clients = new ArrayList<>();
    private CoordinatorConfig.Others others = CoordinatorConfig.Others.none();
    private boolean stopped;
    private Coordinator coordinator;

    private RunningCoordinator(Path directory) throws IOException {
        this.directory = directory;
        made = FleetInit.create(directory, "lab", new Address("127.0.0.1", CoordinatorConfig.PORT), Instant.now());
        releaseKey = SigningKey.load(made.keys().resolve("release.pem"));
        coordinator = open();
    }

    public static RunningCoordinator start(Path directory) throws IOException {
        return new RunningCoordinator(directory);
    }

    public CoordinatorConfig config() {
        return CoordinatorConfig.defaults(made.coordinator())
                .withAddress(new Address("127.0.0.1", 0))
                .withRuntime(directory.resolve("run"))
                .withOthers(others);
    }

    private Coordinator open() throws IOException {
        return Coordinator.open(config(), Coordinator.keys(config().home()), new NoFleet(), clock);
    }

    /// Ends the coordinator and starts another one on its home.
    public void restart() throws IOException {
        coordinator.close();
        coordinator = open();
    }

    /// Ends the coordinator, until it is restarted.
    public void stop() throws IOException {
        coordinator.close();
        stopped = true;
    }

    /// Starts the coordinator that was stopped, which follows another one from now on.
    public void goOnBeside(Address other) throws IOException {
        others = new CoordinatorConfig.Others(List.of(), List.of(other));
        coordinator = open();
        stopped = false;
    }

    /// Moves the coordinator's clock.
    public void advance(Duration time) {
        later.updateAndGet(time::plus);
    }

    public Address address() {
        return coordinator.address();
    }

    public Root root() throws IOException {
        return RootChain.of(
                        made.root(),
                        CoordinatorClient.fetchRoots(List.of(address()), made.root()).roots().stream()
                                .map(root -> root.envelope())
                                .toList())
                .newest();
    }

    public FleetTrust trust() {
        Root root = coordinator.root();
        return new FleetTrust(root.fleet(), root.terms().caRoot(), Set.of(Subject.Role.COORDINATOR), clock);
    }

    public CoordinatorClient client(TlsKeys keys) {
        CoordinatorClient client = CoordinatorClient.open(List.of(address()), keys, trust());
        clients.add(client);
        return client;
    }

    public CoordinatorClient stranger() {
        return client(TlsKeys.none());
    }

    public CoordinatorClient operator() throws IOException {
        return client(new TlsKeys(TlsIdentity.load(made.operator().resolve("operator.pem"))));
    }

    /// A token for one host.
    public String token() throws IOException {
        return token("{}");
    }

    public String token(String wish) throws IOException {
        String json = operator().post("/v1/tokens", wish);
        return json.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
    }

    /// Registers a small image.
    public String publish(String name, String version, long counter) throws IOException {
        ImageFixture image = ImageFixture.seeded(new SplittableRandom(counter), 40);
        ManifestHead head = image.manifest().head();
        return register(release(name, version, counter, head).sign(List.of(releaseKey)), head);
    }

    public String register(Envelope release, ManifestHead head) throws IOException {
        Base64.Encoder base64 = Base64.getEncoder();
        return operator()
                .post(
                        "/v1/releases",
                        "{\"release\":\"" + base64.encodeToString(release.encode()) + "\",\"heads\":[\""
                                + base64.encodeToString(head.encode()) + "\"]}");
    }

    public static Release release(String name, String version, long counter, ManifestHead head) {
        Artifact disk = new Artifact(Artifact.DISK, head.shape().length(), head.content(), head.id());
        return new Release(
                new Release.Name(name, version),
                counter,
                Release.Fit.any(),
                1000,
                List.of(disk),
                Release.Extras.none());
    }

    @Override
    public void close() throws IOException {
        clients.forEach(CoordinatorClient::close);
        if (!stopped) {
            coordinator.close();
        }
    }
}
