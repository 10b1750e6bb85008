package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// Somebody who may give the fleet orders, as the files in a directory make them:
///
/// ```
/// operator.pem    key and certificates, readable by the owner only
/// root            the fleet's root document
/// coordinators    host:port, one a line
/// ```
public final class Operator implements Closeable {
    private static final int COORDINATORS_BYTES_MAX = 64 * 1024;

    private final CoordinatorClient coordinators;

    private Operator(CoordinatorClient coordinators) {
        this.coordinators = coordinators;
    }

    /// Reads the directory; nobody is asked yet.
    public static Operator open(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve("operator.pem"))) {
            throw new BadConfiguration(
                    "operator " + directory + ": expected operator.pem, root and coordinators, found "
                            + "none; muster init makes the first operator");
        }
        TlsIdentity identity = TlsIdentity.load(directory.resolve("operator.pem"));
        Envelope document = Envelope.decode(DurableFile.read(directory.resolve("root"), Envelope.BYTES_MAX));
        Root root = RootChain.of(document.hash(), List.of(document)).newest();
        FleetTrust trust = new FleetTrust(
                root.fleet(), root.terms().caRoot(), Set.of(Subject.Role.COORDINATOR), InstantSource.system());
        return new Operator(
                CoordinatorClient.open(addresses(directory.resolve("coordinators")), new TlsKeys(identity), trust));
    }

    public JsonNode get(String path) throws IOException {
        return Json.parse(path, coordinators.get(path));
    }

    public JsonNode post(String path, JsonNode body) throws IOException {
        return Json.parse(path, coordinators.post(path, body.toString()));
    }

    public JsonNode put(String path, JsonNode body) throws IOException {
        return Json.parse(path, coordinators.put(path, body.toString()));
    }

    /// The release that people call this.
    public JsonNode image(String ref) throws IOException {
        return get("/v1/images/" + segment(ref));
    }

    public ManifestHead head(ManifestId manifest) throws IOException {
        return coordinators.head(manifest);
    }

    /// Any text as a part of a path.
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        coordinators.close();
    }

    private static List<Address> addresses(Path file) throws IOException {
        String text = new String(DurableFile.read(file, COORDINATORS_BYTES_MAX), StandardCharsets.UTF_8);
        try {
            List<Address> addresses = text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Address::parse)
                    .toList();
            if (addresses.isEmpty()) {
                throw new BadConfiguration(file + ": expected host:port of a coordinator, found none");
            }
            return addresses;
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(file + ": " + e.getMessage());
        }
    }
}
