package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.OperatorHome;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/// Somebody who may give the fleet orders, with connections to its coordinators: see [OperatorHome].
public final class Operator implements Closeable {
    private final CoordinatorClient coordinators;

    private Operator(CoordinatorClient coordinators) {
        this.coordinators = coordinators;
    }

    /// Reads the operator's directory; nobody is asked yet.
    public static Operator open(Path directory) throws IOException {
        return new Operator(OperatorHome.load(directory).open(InstantSource.system()));
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
}
