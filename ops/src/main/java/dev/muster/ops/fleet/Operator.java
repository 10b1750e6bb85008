package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.AuditEntry;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.OperatorHome;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/// Somebody who may give the fleet orders, with connections to its coordinators: see [OperatorHome].
public final class Operator implements Closeable {
    private final CoordinatorClient coordinators;
    private final OperatorHome home;

    private Operator(OperatorHome home, CoordinatorClient coordinators) {
        this.home = home;
        this.coordinators = coordinators;
    }

    /// Reads the operator's directory; nobody is asked yet.
    public static Operator open(Path directory) throws IOException {
        OperatorHome home = OperatorHome.load(directory);
        return new Operator(home, home.open(InstantSource.system()));
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

    public JsonNode delete(String path) throws IOException {
        return Json.parse(path, coordinators.delete(path));
    }

    /// The fleet's newest root, believed because of the one that the operator was given.
    public Root root() throws IOException {
        return roots().newest();
    }

    /// All of its roots, believed so.
    public RootChain roots() throws IOException {
        RootChain chain = RootChain.of(home.rootDocument().hash(), List.of(home.rootDocument()));
        for (Envelope next : coordinators.roots()) {
            if (Root.unverified(next).number() > chain.newest().number()) {
                chain = chain.step(next);
            }
        }
        return chain;
    }

    /// Hands a document to the fleet that was signed somewhere else.
    public JsonNode submit(Envelope document) throws IOException {
        String base64 = Base64.getEncoder().encodeToString(document.encode());
        return post("/v1/documents", Json.object().put("document", base64));
    }

    /// The revocation list that holds, if its signatures are good.
    public Revocations revocations() throws IOException {
        String base64 = get("/v1/revocations").path("document").asText();
        if (base64.isEmpty()) {
            return Revocations.none();
        }
        Envelope envelope = Envelope.decode(Base64.getDecoder().decode(base64));
        return Revocations.verify(envelope, root()).document();
    }

    /// The audit log after an entry.
    public List<AuditEntry> audit(long after) throws IOException {
        return coordinators.audit(after);
    }

    public OperatorHome home() {
        return home;
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
