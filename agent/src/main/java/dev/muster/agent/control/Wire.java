package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One end of a control connection: whole messages in and out. Used by one thread at a time.
final class Wire implements Closeable {
    /// A chunk of random bytes with its header, and room.
    static final int BODY_MAX = (1 << 20) + (1 << 16);

    static final ObjectMapper JSON = new ObjectMapper();

    private final ReadableByteChannel in;
    private final GatheringByteChannel out;
    private final ByteBuffer head = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);

    Wire(SocketChannel channel) {
        this(channel, channel);
    }

    Wire(ReadableByteChannel in, GatheringByteChannel out) {
        this.in = in;
        this.out = out;
    }

    private enum Kind {
        JSON,
        BYTES
    }

    /// @throws Corrupt if it is longer than a message may be; nothing was sent then
    void send(JsonNode json) throws IOException {
        send(Kind.JSON, ByteBuffer.wrap(JSON.writeValueAsBytes(json)));
    }

    void send(byte[] bytes) throws IOException {
        send(Kind.BYTES, ByteBuffer.wrap(bytes));
    }

    JsonNode json() throws IOException {
        byte[] body = receive(Kind.JSON);
        try {
            return JSON.readTree(body);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new Corrupt("control message: expected JSON, found other bytes", e);
        }
    }

    byte[] bytes() throws IOException {
        return receive(Kind.BYTES);
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }

    private void send(Kind kind, ByteBuffer body) throws IOException {
        if (body.remaining() > BODY_MAX) {
            throw new Corrupt("control message: expected at most " + BODY_MAX + " bytes, found " + body.remaining());
        }
        ByteBuffer start = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
        start.putInt(body.remaining()).put((byte) (kind == Kind.JSON ? 0 : 1)).flip();
        ByteBuffer[] both = {start, body};
        while (start.hasRemaining() || body.hasRemaining()) {
            long _ = out.write(both);
        }
    }

    private byte[] receive(Kind kind) throws IOException {
        read(head.clear());
        int length = head.getInt(0);
        int found = head.get(4);
        if (length < 0 || length > BODY_MAX || found != (kind == Kind.JSON ? 0 : 1)) {
            throw new Corrupt("control message: expected " + kind + " of at most " + BODY_MAX + " bytes, found kind "
                    + found + " of " + length);
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        read(body);
        return body.array();
    }

    private void read(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (in.read(into) < 0) {
                throw new EOFException("the other end of the control socket is gone");
            }
        }
    }

    /// blob header | u8 frames | frame x { u8 codec, blob }.
    static byte[] encode(Chunk chunk) {
        ByteWriter out = new ByteWriter(chunk.wireBytes() + 16 * 1024);
        out.blob(chunk.header().toBytes()).u8(chunk.frames().size());
        for (Frame frame : chunk.frames()) {
            out.u8(frame.codec() == Frame.Codec.RAW ? 0 : 1).u32(frame.length()).bytes(frame.view());
        }
        return out.toBytes();
    }

    /// For each u16 blocks, 0 for one that is not there | blocks x SHA-256.
    static byte[] encode(List<Optional<ChunkHeader>> headers) {
        ByteWriter out = new ByteWriter(headers.size() * ChunkHeader.BLOCKS_MAX * Hash.BYTES);
        for (Optional<ChunkHeader> header : headers) {
            out.u16(header.map(ChunkHeader::blocks).orElse(0));
            header.ifPresent(there -> out.bytes(there.toBytes()));
        }
        return out.toBytes();
    }

    /// @param count how many were asked for
    static List<Optional<ChunkHeader>> decodeHeaders(byte[] bytes, int count) throws Corrupt {
        ByteReader in = ByteReader.of("headers", bytes);
        List<Optional<ChunkHeader>> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int blocks = in.u16(ChunkHeader.BLOCKS_MAX);
            headers.add(blocks == 0 ? Optional.empty() : Optional.of(ChunkHeader.of(in.bytes(blocks * Hash.BYTES))));
        }
        in.end();
        return headers;
    }

    static Chunk decodeChunk(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("chunk", bytes);
        ChunkHeader header = ChunkHeader.of(in.blob(ChunkHeader.BLOCKS_MAX * Hash.BYTES));
        int count = in.u8(Frame.PER_CHUNK_MAX);
        if (count != header.frames()) {
            throw in.refuse(header.frames() + " frames", count);
        }
        List<Frame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Frame.Codec codec = in.flag() ? Frame.Codec.ZSTD : Frame.Codec.RAW;
            int length = in.u32(Frame.RAW_BYTES);
            if (length == 0) {
                throw in.refuse("a frame with bytes", "none");
            }
            frames.add(new Frame(codec, in.view(length)));
        }
        in.end();
        return new Chunk(header, frames);
    }
}
