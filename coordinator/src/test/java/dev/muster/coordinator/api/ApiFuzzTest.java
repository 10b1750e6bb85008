package dev.muster.coordinator.api;

import dev.muster.coordinator.CoordinatorConfig;
import dev.muster.coordinator.FleetInit;
import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.catalog.RevocationList;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.coordinator.enrol.Enroller;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.enrol.Tokens;
import dev.muster.coordinator.history.AuditLog;
import dev.muster.coordinator.rollout.Bulletin;
import dev.muster.coordinator.rollout.Director;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.coordinator.rollout.Orders;
import dev.muster.coordinator.rollout.Rollouts;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.net.EnrolRequest;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the API makes of any body, of anybody: an order of an operator too is only refused.
final class ApiFuzzTest implements Fuzzed {
    private final InstantSource clock = InstantSource.fixed(Instant.now());
    private final SigningKey key = SigningKey.generate(SigningKey.TLS);
    private final Caller caller = new Caller(new Subject("lab", Subject.Role.ADMIN, "anna"), key.verifyKey());

    @Override
    public List<Fuzzing> targets() throws IOException {
        List<Endpoint> endpoints = endpoints(Fuzzed.scratch());
        return List.of(
                Fuzzing.of("api-json", jsons(), ApiFuzzTest::read),
                Fuzzing.of("api-body", bodies(endpoints), bytes -> order(endpoints, bytes))
                        .slow());
    }

    private static List<byte[]> jsons() {
        return List.of(
                utf8("{\"text\":\"a\",\"number\":7,\"flag\":true,\"list\":[\"a\",\"b\"],\"base64\":\"AAEC\"}"),
                utf8("{\"texts\":{\"role\":\"web\"},\"number\":1e3,\"text\":null,\"other\":[[{}]]}"));
    }

    private static void read(byte[] body) throws IOException {
        Fields fields = Fields.parse(body);
        Optional<String> _ = fields.optionalText("text");
        long _ = fields.number("number", 1000, 3);
        boolean _ = fields.flag("flag");
        List<String> _ = fields.list("list");
        Map<String, String> _ = fields.texts("texts");
        byte[] _ = Fields.base64("base64", fields.optionalText("base64").orElse(""));
        fields.end();
    }

    /// The first byte says which endpoint.
    private void order(List<Endpoint> endpoints, byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new BadConfiguration("which endpoint?");
        }
        Endpoint endpoint = endpoints.get(Byte.toUnsignedInt(bytes[0]) % endpoints.size());
        byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (body.length > endpoint.bodyBytesMax()) {
            throw new BadConfiguration("the server refuses that");
        }
        Map<String, String> parameters = Map.of("id", "h1", "name", "g1", "ref", "web:1");
        try {
            Answer _ = endpoint.call().answer(new Ask(Optional.of(caller), parameters, body));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private List<byte[]> bodies(List<Endpoint> endpoints) {
        String request = Base64.getEncoder().encodeToString(Request.of(key));
        List<byte[]> bodies = List.of(
                utf8("{\"uses\":1,\"ttlSeconds\":60,\"site\":\"s\",\"labels\":{\"role\":\"web\"}}"),
                utf8("{\"group\":\"all\",\"ref\":\"web:1\"}"),
                utf8("{\"group\":\"all\",\"withdraw\":\"web\"}"),
                utf8("{\"match\":{\"role\":\"web\"},\"priority\":3}"),
                utf8("{\"hosts\":[\"h1\",\"h2\"]}"),
                utf8("{\"id\":\"bob\",\"role\":\"viewer\",\"request\":\"" + request + "\"}"),
                utf8("{\"revoked\":true}"),
                utf8("{\"retired\":true}"),
                EnrolRequest.of("token", key, "10.0.0.1:7410", "site", new TreeMap<>())
                        .encode());
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            for (byte[] body : bodies) {
                byte[] both = new byte[1 + body.length];
                both[0] = (byte) i;
                System.arraycopy(body, 0, both, 1, body.length);
                all.add(both);
            }
        }
        return all;
    }

    /// Those that take a body, of a coordinator that nobody reaches.
    private List<Endpoint> endpoints(Path directory) throws IOException {
        Address address = new Address("127.0.0.1", CoordinatorConfig.PORT);
        Path home = FleetInit.create(directory, "lab", address, clock.instant()).coordinator();
        Roots roots = Roots.open(home.resolve("roots"));
        Root root = roots.newest();
        Director director = Director.open(home, root, clock);
        RevocationList list = RevocationList.open(home.resolve("revocations"), root);
        Catalog catalog = Catalog.open(home, root, _ -> false);
        Hosts hosts = Hosts.open(home.resolve("hosts"));
        Tokens tokens = Tokens.open(home.resolve("tokens"), clock);
        Groups groups = Groups.open(home.resolve("groups"));
        HostBoard board = new HostBoard(clock);
        Rollouts rollouts = Rollouts.open(home, director, hosts, board, clock);
        Duration life = Duration.ofHours(1);
        Enroller.Terms terms =
                new Enroller.Terms(new Subject("lab", Subject.Role.COORDINATOR, "c1"), List.of(), life, life);
        Enroller enroller = new Enroller(FleetCa.load(home.resolve("ca.pem")), terms, tokens, hosts, clock);
        Bulletin nothing = new Bulletin(Bulletin.Edition.of(Documents.of(List.<Envelope>of())));
        Api api = new Api(
                new Api.Documents(
                        new SignedDocuments(roots, list, catalog, director, hosts, () -> {}), nothing, nothing),
                new Api.Members(tokens, hosts, enroller, board, AuditLog.open(home.resolve("audit"), clock)),
                new Api.Work(groups, director, rollouts, new Orders(catalog, director, rollouts, groups)),
                new NoFleet(),
                new Api.Timing(life, clock),
                () -> {});
        return api.endpoints().stream()
                .filter(endpoint -> endpoint.bodyBytesMax() > 0)
                .toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
