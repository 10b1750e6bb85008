package dev.muster.ops.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.agent.control.RemoteStore;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.chunkstore.pack.Parent;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Packs images with the help of the agent on this host and registers them with the fleet, as this package's
/// documentation says.
public final class Publisher {
    private final Operator operator;
    private final ControlClient agent;
    private final Packer packer;
    private final Consumer<String> notes;
    private final InstantSource clock = InstantSource.system();

    /// Whether the agent on this host has every chunk of what was packed.
    private boolean allHere = true;

    /// @param notes is told what is out of the ordinary
    public Publisher(Operator operator, ControlClient agent, Packer packer, Consumer<String> notes) {
        this.operator = operator;
        this.agent = agent;
        this.packer = packer;
        this.notes = notes;
    }

    /// Packs everything, signs it with all of the keys, and registers it.
    ///
    /// @throws Refused if that version is there already, or the keys are not those of the fleet
    public Published publish(Publication publication, List<SigningKey> keys) throws IOException {
        Packing packing = pack(publication);
        Envelope signed = packing.release().sign(keys);
        register(signed);
        Packed disk = Optional.ofNullable(packing.parts().get(Artifact.DISK)).orElseThrow();
        return new Published(signed.hash(), publication.name(), disk, allHere);
    }

    /// Packs everything into the store of the agent on this host.
    ///
    /// @throws Refused if that version is there already
    public Packing pack(Publication publication) throws IOException {
        Release.Name name = publication.name();
        List<JsonNode> before = versions(name);
        JsonNode parent = publication.parent().isPresent()
                ? operator.image(publication.parent().get())
                : newest(before);

        SortedMap<String, Packed> parts = new TreeMap<>();
        try (DiskImage disk = DiskImage.open(publication.disk())) {
            parts.put(Artifact.DISK, pack(disk, Artifact.DISK, parent));
        }
        for (Map.Entry<String, Path> file : publication.files().entrySet()) {
            try (DiskImage image = DiskImage.openOpaque(file.getValue())) {
                parts.put(file.getKey(), pack(image, file.getKey(), parent));
            }
        }

        long now = clock.millis();
        long last = before.isEmpty() ? 0 : before.getLast().path("counter").asLong();
        Release release = new Release(
                name,
                counter(last, now),
                publication.extras().fit(),
                now,
                parts.entrySet().stream()
                        .map(part -> artifact(part.getKey(), part.getValue()))
                        .toList(),
                new Release.Extras(
                        publication.extras().commandLine(),
                        Release.Extras.none().provenance()));
        return new Packing(release, parts);
    }

    /// Above the last, and not below the time in seconds: others may be on their way through the hands of signers, or
    /// have been signed by keys that are no more.
    private static long counter(long last, long nowMillis) {
        return Math.max(last + 1, nowMillis / 1000);
    }

    /// Gives the fleet a release that was packed on this host and signed since.
    public void register(Envelope release) throws IOException {
        List<ManifestHead> heads = new ArrayList<>();
        for (Artifact artifact : Release.unverified(release).artifacts()) {
            byte[] head = agent.store()
                    .head(artifact.manifest())
                    .orElseThrow(() -> new Unknown("manifest " + artifact.manifest()
                            + ": expected it on the host where the release was packed, found none here"));
            heads.add(ManifestHead.decode(head));
        }
        register(release, heads);
        keep(release);
    }

    /// The agent keeps it until it is retired. The release is there already, so that it could not is no failure.
    private void keep(Envelope release) throws IOException {
        try {
            agent.store().published(release);
        } catch (Refused | StoreRefused e) {
            notes.accept("published, but the agent on this host does not keep it: " + e.getMessage());
        }
    }

    /// The releases of that name, the newest last.
    private List<JsonNode> versions(Release.Name name) throws IOException {
        List<JsonNode> versions = new ArrayList<>();
        for (JsonNode image : operator.get("/v1/images").path("images")) {
            Release.Name other = Release.Name.parse(image.path("image").asText());
            if (other.equals(name)) {
                throw new Refused(
                        Reason.EQUIVOCATION,
                        "release " + name + ": expected a version that is not there yet, found it; see: muster image "
                                + "show " + name);
            }
            if (other.name().equals(name.name())) {
                versions.add(image);
            }
        }
        versions.sort(Comparator.comparingLong(image -> image.path("counter").asLong()));
        return versions;
    }

    /// One that is not retired, if there is one: a retired one may be nowhere any more.
    private static JsonNode newest(List<JsonNode> versions) {
        return versions.reversed().stream()
                .filter(image -> !image.path("retired").asBoolean())
                .findFirst()
                .orElse(versions.isEmpty() ? Json.object() : versions.getLast());
    }

    private Packed pack(DiskImage image, String role, JsonNode parentRelease) throws IOException {
        RemoteStore store = agent.store();
        Parents parents = new Parents(store, notes);
        List<Parent> found = new ArrayList<>(parents.of(parentRelease, role));
        found.addAll(parents.like(image, found));
        Packed packed = packer.pack(image, found, store);
        parents.noteMissing();
        allHere &= store.packed(packed.encoded());
        return packed;
    }

    private static Artifact artifact(String role, Packed packed) {
        ManifestHead head = packed.manifest().head();
        return new Artifact(role, packed.length(), head.content(), head.id());
    }

    private void register(Envelope release, List<ManifestHead> heads) throws IOException {
        Base64.Encoder base64 = Base64.getEncoder();
        ObjectNode body = Json.object().put("release", base64.encodeToString(release.encode()));
        ArrayNode list = body.putArray("heads");
        heads.forEach(head -> list.add(base64.encodeToString(head.encode())));
        JsonNode _ = operator.post("/v1/releases", body);
    }
}
