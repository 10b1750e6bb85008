package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.delivery.BatchedHeaders;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The store of the agent on this host, over its control socket. What it gives is checked here once more:
/// headers against their names; blocks by whoever decodes them.
public final class RemoteStore implements ChunkSource, ChunkSink, Manifest.Pages {
    /// An answer may have a long path for each, and has to fit a message.
    private static final int PRESENCES_MAX = 1000;

    private final ControlClient agent;

    RemoteStore(ControlClient agent) {
        this.agent = agent;
    }

    @Override
    public Optional<Chunk> chunk(ChunkId id) throws IOException {
        Optional<byte[]> bytes = agent.bytes(about("chunk", id.hash()));
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        Chunk chunk = Wire.decodeChunk(bytes.get());
        check(id, chunk.header());
        return Optional.of(chunk);
    }

    @Override
    public Optional<ChunkHeader> header(ChunkId id) throws IOException {
        Optional<byte[]> bytes = agent.bytes(about("header", id.hash()));
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        ChunkHeader header = ChunkHeader.of(bytes.get());
        check(id, header);
        return Optional.of(header);
    }

    @Override
    public List<Presence> presence(List<ChunkId> ids) throws IOException {
        List<Presence> all = new ArrayList<>(ids.size());
        for (int from = 0; from < ids.size(); from += PRESENCES_MAX) {
            List<ChunkId> batch = ids.subList(from, Math.min(ids.size(), from + PRESENCES_MAX));
            ObjectNode request = ControlClient.request("presence");
            ArrayNode names = request.putArray("ids");
            batch.forEach(id -> names.add(id.hash().hex()));
            JsonNode found = agent.ask(request).path("presence");
            for (int i = 0; i < batch.size(); i++) {
                all.add(presence(found.path(i)));
            }
        }
        return all;
    }

    private static Presence presence(JsonNode found) throws Corrupt {
        return switch (found.path("is").asText()) {
            case "absent" -> Presence.ABSENT;
            case "frames" -> Presence.FRAMES;
            case "plain" ->
                new Presence.Plain(
                        Path.of(found.path("file").asText()),
                        found.path("offset").asLong(-1));
            default -> throw new Corrupt("answer of the agent: expected absent, frames or plain, found " + found);
        };
    }

    /// The images of the agent that share most of these hooks, the likeliest first.
    public List<ManifestId> likely(Collection<Hash> hooks, int max) throws IOException {
        ObjectNode request = ControlClient.request("likely").put("max", max);
        ArrayNode names = request.putArray("ids");
        hooks.stream().limit(Requests.IDS_MAX).forEach(hook -> names.add(hook.hex()));
        List<ManifestId> likely = new ArrayList<>();
        agent.ask(request).path("manifests").forEach(id -> likely.add(ManifestId.parse(id.asText())));
        return likely;
    }

    @Override
    public boolean has(ChunkId id) {
        ObjectNode request = ControlClient.request("has");
        request.putArray("ids").add(id.hash().hex());
        try {
            JsonNode result = agent.ask(request);
            return result.path("has").path(0).asBoolean();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(Chunk chunk) throws IOException {
        agent.tell(ControlClient.request("put"), Wire.encode(chunk));
    }

    @Override
    public void flush() throws IOException {
        agent.ask(ControlClient.request("flush"));
    }

    public Optional<byte[]> head(ManifestId id) throws IOException {
        return agent.bytes(about("head", id.hash()));
    }

    @Override
    public byte[] page(Hash hash) throws IOException {
        return agent.bytes(about("page", hash))
                .orElseThrow(() -> new Unknown("manifest page " + hash + ": the agent does not have it"));
    }

    /// A manifest, of which the agent has head and pages then, from peers if need be. Its chunks stay where they are.
    ///
    /// @throws dev.muster.protocol.MusterException.Unreachable if nobody has them
    public Manifest manifest(ManifestId id) throws IOException {
        agent.ask(about("manifest", id.hash()));
        byte[] head = head(id).orElseThrow(() -> new Unknown("manifest " + id + ": the agent does not have its head"));
        return Manifest.read(ManifestHead.verify(id, head), this);
    }

    /// The headers of a manifest's chunks, from the agent's store or through it from peers, as they are asked for.
    public BatchedHeaders headers(Manifest manifest) {
        return new BatchedHeaders(manifest, (first, chunks) -> headers(manifest.id(), first, chunks));
    }

    private List<Optional<ChunkHeader>> headers(ManifestId id, int first, List<ChunkId> chunks) throws IOException {
        ObjectNode request = about("headers", id.hash()).put("first", first);
        ArrayNode ids = request.putArray("ids");
        chunks.forEach(chunk -> ids.add(chunk.hash().hex()));
        List<Optional<ChunkHeader>> headers = Wire.decodeHeaders(agent.following(request), chunks.size());
        for (int i = 0; i < chunks.size(); i++) {
            if (headers.get(i).isPresent()) {
                check(chunks.get(i), headers.get(i).get());
            }
        }
        return headers;
    }

    /// Gives the agent a manifest that was packed here; it serves what it has of it from then on.
    ///
    /// @return whether the agent has all of its chunks
    public boolean packed(Manifest.Encoded encoded) throws IOException {
        for (byte[] page : encoded.pages().values()) {
            agent.tell(ControlClient.request("put-page"), page);
        }
        agent.tell(ControlClient.request("put-head"), encoded.manifest().head().encode());
        return agent.ask(about("packed", encoded.manifest().id().hash()))
                .path("whole")
                .asBoolean();
    }

    /// Tells the agent of the release that was made of what was packed; it keeps it from then on.
    public void published(Envelope release) throws IOException {
        agent.tell(ControlClient.request("published"), release.encode());
    }

    private static ObjectNode about(String verb, Hash hash) {
        return ControlClient.request(verb).put("id", hash.hex());
    }

    private static void check(ChunkId id, ChunkHeader header) throws Corrupt {
        if (!header.id().equals(id)) {
            throw new Corrupt("chunk " + id + ": expected its header, found that of " + header.id());
        }
    }
}
