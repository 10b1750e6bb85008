package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.activate.VolumeWriter;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.volume.Undo;
import dev.muster.chunkstore.volume.Volume;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.content.Page;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Answers what is asked over the control socket. The requests are listed in this package's documentation.
final class Requests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int IDS_MAX = 10_000;

    private final Served agent;
    private final Session session;
    private final StoreRequests store;

    Requests(Served agent, Session session) {
        this.agent = agent;
        this.session = session;
        this.store = new StoreRequests(agent);
    }

    /// The end of an answer.
    ///
    /// @param bytes what follows the result, where bytes were asked for and there are any
    record Answer(ObjectNode result, Optional<byte[]> bytes) {}

    /// Reads what else belongs to the request and sends progress; the caller sends the answer.
    Answer answer(JsonNode request, Wire wire) throws IOException, InterruptedException {
        String verb = request.path("do").asText();
        return switch (verb) {
            case "head" -> found(agent.store().head(new ManifestId(id(request))));
            case "page" -> {
                Hash hash = id(request);
                yield found(
                        agent.store().hasPage(hash) ? Optional.of(agent.store().page(hash)) : Optional.empty());
            }
            case "header" ->
                found(agent.store().header(new ChunkId(id(request))).map(ChunkHeader::toBytes));
            case "headers" -> headers(request);
            case "chunk" -> found(agent.store().chunk(new ChunkId(id(request))).map(Wire::encode));
            default -> new Answer(act(verb, request, wire), Optional.empty());
        };
    }

    private ObjectNode act(String verb, JsonNode request, Wire wire) throws IOException, InterruptedException {
        ObjectNode result = Wire.JSON.createObjectNode();
        switch (verb) {
            case "status" -> result = Wire.JSON.valueToTree(agent.status());
            case "settings" -> settings(result);
            case "set" -> set(request, result);
            case "resolve" -> describe(agent.resolve(request.path("ref").asText()), result);
            case "pull" -> pull(request, wire, result);
            case "direct" -> direct(request, wire, result);
            case "volumes" -> volumes(result);
            case "release" -> agent.volumes().release(path(request.path("target").asText()));
            case "stat", "collect", "scrub", "presence", "likely" ->
                result = store.answer(verb, request, new SentProgress(wire));
            case "has" -> has(request, result);
            case "put" -> put(wire.bytes());
            case "put-head" -> {
                byte[] head = wire.bytes();
                ManifestHead.decode(head);
                session.packing().putHead(head);
            }
            case "put-page" -> {
                byte[] page = wire.bytes();
                Page _ = Page.decode(page);
                session.packing().putPage(page);
            }
            case "flush" -> agent.store().flush();
            case "manifest" -> {
                ManifestId id = new ManifestId(id(request));
                Manifest _ = agent.delivery().manifest(id, session.hold(id));
            }
            case "packed" -> result.put("whole", agent.packed(new ManifestId(id(request))));
            case "offer" -> result.put("new", agent.offer(Envelope.decode(wire.bytes())));
            case "pin" -> result.put("name", agent.pin(request.path("ref").asText()));
            case "unpin" -> agent.unpin(request.path("name").asText());
            case "published" -> agent.published(Envelope.decode(wire.bytes()));
            default -> throw new Corrupt("control request: expected a known word in 'do', found " + request.path("do"));
        }
        return result;
    }

    private void settings(ObjectNode result) {
        ArrayNode settings = result.putArray("settings");
        for (Settings.Line line : agent.settings()) {
            settings.addObject()
                    .put("key", line.key())
                    .put("value", line.value())
                    .put("default", line.preset())
                    .put("purpose", line.purpose());
        }
    }

    private void set(JsonNode request, ObjectNode result) throws IOException {
        Map<String, String> changes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : request.path("settings").properties()) {
            changes.put(each.getKey(), each.getValue().asText());
        }
        agent.change(changes);
        settings(result);
    }

    private void pull(JsonNode request, Wire wire, ObjectNode result) throws IOException, InterruptedException {
        Served.Image image = agent.resolve(request.path("ref").asText());
        for (Served.Artifact artifact : image.artifacts()) {
            session.hold(artifact.manifest())
                    .hold(agent.delivery().fetch(artifact.manifest(), new SentProgress(wire), PATIENCE));
        }
        describe(image, result);
    }

    private void direct(JsonNode request, Wire wire, ObjectNode result) throws IOException, InterruptedException {
        Path target = path(request.path("target").asText());
        Served.Image image = agent.resolve(request.path("ref").asText());
        Undo undo = request.path("giveUp").asBoolean() ? Undo.GIVE_UP : Undo.KEEP;
        Manifest manifest = agent.volumes()
                .write(image.manifest(), target, undo, VolumeWriter.Overwriting.UNHEARD, new SentProgress(wire), PATIENCE);
        describe(image, result);
        result.put("length", manifest.shape().length());
    }

    private static Path path(String target) throws IOException {
        try {
            Path path = Path.of(target);
            if (!path.isAbsolute()) {
                throw new Corrupt("control request: expected an absolute path, found " + target);
            }
            return path;
        } catch (InvalidPathException e) {
            throw new TargetRefused(
                    "target " + target + ": expected a name that file names of this agent can have (in "
                            + System.getProperty("sun.jnu.encoding") + "), found another; start it with LC_ALL=C.UTF-8",
                    e);
        }
    }

    private void volumes(ObjectNode result) {
        ArrayNode list = result.putArray("volumes");
        for (Volume volume : agent.volumes().volumes()) {
            ArrayNode images = list.addObject()
                    .put("target", volume.target().toString())
                    .put("state", volume.state().getClass().getSimpleName().toLowerCase(Locale.ROOT))
                    .putArray("images");
            volume.state().manifests().forEach(id -> images.add(id.toString()));
        }
    }

    private static void describe(Served.Image image, ObjectNode result) {
        result.put("name", image.name()).put("manifest", image.manifest().toString());
        image.release().ifPresent(release -> result.put("release", release.toString()));
        ArrayNode artifacts = result.putArray("artifacts");
        for (Served.Artifact artifact : image.artifacts()) {
            artifacts
                    .addObject()
                    .put("role", artifact.role())
                    .put("manifest", artifact.manifest().toString());
        }
    }

    private void has(JsonNode request, ObjectNode result) throws IOException {
        ArrayNode has = result.putArray("has");
        for (ChunkId id : chunks(request, IDS_MAX)) {
            has.add(session.packing().has(id));
        }
    }

    private Answer headers(JsonNode request) throws IOException, InterruptedException {
        int first = request.path("first").asInt(-1);
        if (first < 0 || first >= Manifest.CHUNKS_MAX) {
            throw new Corrupt("control request: expected the index of a chunk, found " + request.path("first"));
        }
        List<ChunkId> chunks = chunks(request, Message.HEADERS_MAX);
        List<Optional<ChunkHeader>> headers = agent.delivery().headers(new ManifestId(id(request)), first, chunks);
        return new Answer(Wire.JSON.createObjectNode(), Optional.of(Wire.encode(headers)));
    }

    static List<ChunkId> chunks(JsonNode request, int max) throws Corrupt {
        JsonNode ids = request.path("ids");
        if (ids.size() > max) {
            throw new Corrupt("control request: expected at most " + max + " ids, found " + ids.size());
        }
        List<ChunkId> chunks = new ArrayList<>(ids.size());
        for (JsonNode id : ids) {
            chunks.add(new ChunkId(parse(id)));
        }
        return chunks;
    }

    private void put(byte[] bytes) throws IOException {
        Chunk chunk = Wire.decodeChunk(bytes);
        ByteBuffer _ = agent.codec().decode(chunk);
        session.packing().put(chunk);
    }

    private static Answer found(Optional<byte[]> bytes) {
        return new Answer(Wire.JSON.createObjectNode().put("found", bytes.isPresent()), bytes);
    }

    private static Hash id(JsonNode request) throws Corrupt {
        return parse(request.path("id"));
    }

    static Hash parse(JsonNode id) throws Corrupt {
        try {
            return Hash.parse(id.asText());
        } catch (IllegalArgumentException e) {
            throw new Corrupt("control request: " + e.getMessage(), e);
        }
    }

    /// Progress that the client shows.
    private static final class SentProgress implements Progress {
        private final Wire wire;

        SentProgress(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void phase(String name, long totalBytes) {
            send(Wire.JSON.createObjectNode().put("phase", name).put("total", totalBytes));
        }

        @Override
        public void advance(long bytes) {
            send(Wire.JSON.createObjectNode().put("advance", bytes));
        }

        private void send(ObjectNode message) {
            try {
                wire.send(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
