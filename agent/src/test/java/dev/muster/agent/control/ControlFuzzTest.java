package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// What programs on this host say to the agent, and what they believe of it.
final class ControlFuzzTest implements Fuzzed {
    /// They need a swarm, or volumes, which this agent does not have.
    private static final Set<String> ELSEWHERE = Set.of("headers", "manifest", "volumes", "release", "direct");

    /// Of all its messages, one after the other: of those of no bytes there may be thousands.
    private static final long CONVERSATION_BYTES_MAX = 1 << 30;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final ImageFixture image = ImageFixture.seeded(random, 8);
    private final Chunk chunk = image.chunk(image.chunkIds().getFirst());
    private final FrameCodec codec = new FrameCodec();

    @Override
    public List<Fuzzing> targets() {
        byte[] headers = Wire.encode(List.of(Optional.of(chunk.header()), Optional.empty()));
        return List.of(
                Fuzzing.of(
                        "control-chunk", List.of(Wire.encode(chunk)), bytes -> codec.decode(Wire.decodeChunk(bytes))),
                Fuzzing.of("control-headers", List.of(headers), bytes -> Wire.decodeHeaders(bytes, 2)),
                Fuzzing.of("control-conversation", conversations(), this::converse)
                        .allowing(CONVERSATION_BYTES_MAX));
    }

    private List<byte[]> conversations() {
        String id = image.manifest().id().toString();
        List<byte[]> all = new ArrayList<>();
        for (String request : List.of(
                "{\"do\":\"status\"}",
                "{\"do\":\"settings\"}",
                "{\"do\":\"set\",\"settings\":{\"a.b\":\"1\"}}",
                "{\"do\":\"head\",\"id\":\"" + id + "\"}",
                "{\"do\":\"has\",\"ids\":[\"" + id + "\"]}",
                "{\"do\":\"presence\",\"ids\":[\"" + id + "\"]}",
                "{\"do\":\"likely\",\"max\":4,\"ids\":[\"" + id + "\"]}",
                "{\"do\":\"collect\",\"bytes\":1,\"dryRun\":true}",
                "{\"do\":\"scrub\",\"rate\":9}",
                "{\"do\":\"pull\",\"ref\":\"web:1\"}",
                "{\"do\":\"direct\",\"ref\":\"web\",\"target\":\"/tmp/x\",\"giveUp\":false}",
                "{\"do\":\"pin\",\"ref\":\"web\"}",
                "{\"do\":\"unpin\",\"name\":\"web\"}",
                "{\"do\":\"stat\"}")) {
            all.add(message(0, request.getBytes(StandardCharsets.UTF_8)));
        }
        ByteWriter put = new ByteWriter();
        put.bytes(message(0, "{\"do\":\"put\"}".getBytes(StandardCharsets.UTF_8)));
        put.bytes(message(1, Wire.encode(chunk)));
        put.bytes(message(0, "{\"do\":\"put-head\"}".getBytes(StandardCharsets.UTF_8)));
        put.bytes(message(1, image.manifest().head().encode()));
        all.add(put.toBytes());
        return all;
    }

    private static byte[] message(int kind, byte[] body) {
        return new ByteWriter().u32(body.length).u8(kind).bytes(body).toBytes();
    }

    /// As the server does, on one connection that is there whole.
    private void converse(byte[] bytes) throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        try (Wire wire = new Wire(Channels.newChannel(new ByteArrayInputStream(bytes)), new Drain());
                Session session = new Session(store)) {
            Requests requests = new Requests(new AloneServed(store, codec), session);
            while (true) {
                JsonNode request = wire.json();
                if (ELSEWHERE.contains(request.path("do").asText())) {
                    throw new Corrupt("not asked here");
                }
                answer(requests, request, wire);
            }
        } catch (EOFException _) {
            // All was read.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Requests requests, JsonNode request, Wire wire)
            throws IOException, InterruptedException {
        try {
            Requests.Answer answer = requests.answer(request, wire);
            wire.send(answer.result());
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            wire.send(Failures.toJson(e));
        }
    }
}
