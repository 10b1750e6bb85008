package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message.Answer;
import dev.muster.protocol.wire.Message.Cancel;
import dev.muster.protocol.wire.Message.Claim;
import dev.muster.protocol.wire.Message.Credit;
import dev.muster.protocol.wire.Message.Data;
import dev.muster.protocol.wire.Message.Document;
import dev.muster.protocol.wire.Message.Documents;
import dev.muster.protocol.wire.Message.GetDocument;
import dev.muster.protocol.wire.Message.GetHead;
import dev.muster.protocol.wire.Message.GetHeaders;
import dev.muster.protocol.wire.Message.GetPage;
import dev.muster.protocol.wire.Message.Gone;
import dev.muster.protocol.wire.Message.Have;
import dev.muster.protocol.wire.Message.Head;
import dev.muster.protocol.wire.Message.Header;
import dev.muster.protocol.wire.Message.Headers;
import dev.muster.protocol.wire.Message.Hello;
import dev.muster.protocol.wire.Message.Here;
import dev.muster.protocol.wire.Message.Leave;
import dev.muster.protocol.wire.Message.NotHere;
import dev.muster.protocol.wire.Message.PageBytes;
import dev.muster.protocol.wire.Message.Participate;
import dev.muster.protocol.wire.Message.Peers;
import dev.muster.protocol.wire.Message.Ping;
import dev.muster.protocol.wire.Message.Pong;
import dev.muster.protocol.wire.Message.Refuse;
import dev.muster.protocol.wire.Message.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What comes after the type of each message.
final class MessageBody {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private MessageBody() {}

    /// Writes the body up to the bytes that the message carries, and returns those.
    static ByteBuffer write(Message message, ByteWriter out) {
        switch (message) {
            case Hello(int version, String fleet, String host, String site) ->
                out.u16(version).text(fleet).text(host).text(site);
            case Participate(ManifestId manifest, Bitfield have) -> {
                manifest.hash().write(out);
                have.write(out);
            }
            case Leave(ManifestId manifest) -> manifest.hash().write(out);
            case Have(ManifestId manifest, List<Integer> chunks) -> writeIndices(manifest, chunks, out);
            case Gone(ManifestId manifest, List<Integer> chunks) -> writeIndices(manifest, chunks, out);
            case Claim(ManifestId manifest, List<Integer> chunks) -> writeIndices(manifest, chunks, out);
            case GetHead(ManifestId manifest) -> manifest.hash().write(out);
            case GetPage(Hash page) -> page.write(out);
            case GetDocument(Hash document) -> document.write(out);
            case NotHere(Hash hash) -> hash.write(out);
            case Request(int request, ManifestId manifest, int chunk, int frames, boolean header) -> {
                manifest.hash().write(out.u32(request));
                out.u32(chunk).u8(frames).flag(header);
            }
            case Credit(int request, ManifestId manifest) -> manifest.hash().write(out.u32(request));
            case Header(int request, int chunk, ChunkHeader header) ->
                writeHeader(header, out.u32(request).u32(chunk));
            case Refuse(int request, Refuse.Reason reason, int retryMillis) ->
                out.u32(request).u8(reason.code()).u32(retryMillis);
            case Cancel(int request) -> out.u32(request);
            case Documents(List<Hash> hashes) -> {
                out.u32(hashes.size());
                hashes.forEach(hash -> hash.write(out));
            }
            case Peers(List<PeerAddress> peers) -> {
                out.u32(peers.size());
                peers.forEach(peer -> peer.write(out));
            }
            case Ping(long token) -> out.u64(token);
            case Pong(long token) -> out.u64(token);
            case GetHeaders(ManifestId manifest, int first, int count) -> {
                manifest.hash().write(out);
                out.u32(first).u8(count);
            }
            case Headers(ManifestId manifest, int first, List<ChunkHeader> headers) -> {
                manifest.hash().write(out);
                out.u32(first).u8(headers.size());
                headers.forEach(header -> writeHeader(header, out));
            }
            case Answer answer -> {
                return answer.bytes().duplicate();
            }
            case Here(boolean own, ByteBuffer presence) -> {
                out.flag(own);
                return presence.duplicate();
            }
            case Data(int request, int index, Frame frame) -> {
                out.u32(request).u8(index).flag(frame.codec() == Frame.Codec.ZSTD);
                return frame.view();
            }
        }
        return NOTHING;
    }

    /// @throws IllegalArgumentException if the message's record refuses what was read
    static Message read(MessageType type, ByteReader in) throws Corrupt {
        return switch (type) {
            case HELLO -> new Hello(in.u16(), Name.read(in), Name.read(in), Name.read(in));
            case PARTICIPATE -> new Participate(readManifest(in), Bitfield.read(in));
            case LEAVE -> new Leave(readManifest(in));
            case HAVE -> new Have(readManifest(in), readIndices(in));
            case GONE -> new Gone(readManifest(in), readIndices(in));
            case CLAIM -> new Claim(readManifest(in), readIndices(in));
            case GET_HEAD -> new GetHead(readManifest(in));
            case HEAD -> new Head(in.view(in.remaining()));
            case GET_PAGE -> new GetPage(Hash.read(in));
            case PAGE -> new PageBytes(in.view(in.remaining()));
            case NOT_HERE -> new NotHere(Hash.read(in));
            case REQUEST -> new Request(readId(in), readManifest(in), readIndex(in), in.u8(), in.flag());
            case CREDIT -> new Credit(readId(in), readManifest(in));
            case HEADER -> new Header(readId(in), readIndex(in), readHeader(in));
            case DATA -> new Data(readId(in), in.u8(), readFrame(in));
            case REFUSE -> new Refuse(readId(in), readReason(in), in.u32(Message.RETRY_MILLIS_MAX));
            case CANCEL -> new Cancel(readId(in));
            case DOCUMENTS -> new Documents(readHashes(in));
            case GET_DOCUMENT -> new GetDocument(Hash.read(in));
            case DOCUMENT -> new Document(in.view(in.remaining()));
            case PEERS -> new Peers(readPeers(in));
            case PING -> new Ping(in.u64());
            case PONG -> new Pong(in.u64());
            case GET_HEADERS -> new GetHeaders(readManifest(in), readIndex(in), in.u8(Message.HEADERS_MAX));
            case HERE -> new Here(in.flag(), in.view(in.remaining()));
            case HEADERS -> new Headers(readManifest(in), readIndex(in), readHeaders(in));
        };
    }

    private static void writeHeader(ChunkHeader header, ByteWriter out) {
        out.u16(header.blocks()).bytes(header.toBytes());
    }

    private static ChunkHeader readHeader(ByteReader in) throws Corrupt {
        return ChunkHeader.of(in.bytes(in.u16(ChunkHeader.BLOCKS_MAX) * Hash.BYTES));
    }

    private static List<ChunkHeader> readHeaders(ByteReader in) throws Corrupt {
        int count = in.u8(Message.HEADERS_MAX);
        List<ChunkHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(readHeader(in));
        }
        return headers;
    }

    private static void writeIndices(ManifestId manifest, List<Integer> chunks, ByteWriter out) {
        manifest.hash().write(out);
        out.u32(chunks.size());
        chunks.forEach(out::u32);
    }

    private static ManifestId readManifest(ByteReader in) throws Corrupt {
        return new ManifestId(Hash.read(in));
    }

    private static int readId(ByteReader in) throws Corrupt {
        return in.u32(Integer.MAX_VALUE);
    }

    private static int readIndex(ByteReader in) throws Corrupt {
        return in.u32(Manifest.CHUNKS_MAX - 1);
    }

    private static List<Integer> readIndices(ByteReader in) throws Corrupt {
        int count = in.count(Message.INDICES_MAX, 4);
        List<Integer> indices = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            indices.add(readIndex(in));
        }
        return indices;
    }

    private static List<Hash> readHashes(ByteReader in) throws Corrupt {
        int count = in.count(Message.DOCUMENTS_MAX, Hash.BYTES);
        List<Hash> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hashes.add(Hash.read(in));
        }
        return hashes;
    }

    private static List<PeerAddress> readPeers(ByteReader in) throws Corrupt {
        int count = in.count(Message.PEERS_MAX, PeerAddress.BYTES_MIN);
        List<PeerAddress> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            peers.add(PeerAddress.read(in));
        }
        return peers;
    }

    private static Frame readFrame(ByteReader in) throws Corrupt {
        Frame.Codec codec = in.flag() ? Frame.Codec.ZSTD : Frame.Codec.RAW;
        return new Frame(codec, in.view(in.remaining()));
    }

    private static Refuse.Reason readReason(ByteReader in) throws Corrupt {
        return switch (in.u8(2)) {
            case 0 -> Refuse.Reason.NOT_HERE;
            case 1 -> Refuse.Reason.BUSY;
            default -> Refuse.Reason.NOTHING_NEW;
        };
    }
}
