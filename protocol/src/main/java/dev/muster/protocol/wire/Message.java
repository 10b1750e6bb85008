package dev.muster.protocol.wire;

import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.content.Page;
import java.nio.ByteBuffer;
import java.util.List;

/// One thing that a host says to another. The bytes, and what is said when, are in this package's
/// documentation.
///
/// Messages are values and may cross threads. What a record refuses with [IllegalArgumentException] is refused
/// on the wire too.
public sealed interface Message {
    int VERSION = 1;
    int INDICES_MAX = 4096;
    int DOCUMENTS_MAX = 1024;
    int DOCUMENT_BYTES_MAX = 1 << 20;
    int PEERS_MAX = 64;
    int PRESENCE_BYTES_MAX = 32 * 1024;

    /// How many headers are asked for at once: 512 KiB of them.
    int HEADERS_MAX = 64;

    int RETRY_MILLIS_MAX = 3_600_000;

    /// Who speaks; the first message each way.
    ///
    /// @param host must be the subject of the certificate that the connection was made with
    record Hello(int version, String fleet, String host, String site) implements Message {
        public Hello {
            between("protocol version", version, 1, 0xffff);
            Name.checked("fleet", fleet);
            Name.checked("host id", host);
            Name.checked("site", site);
        }
    }

    /// The sender takes part in the swarm of a manifest and has these of its chunks. Replaces what it said of
    /// that manifest before.
    ///
    /// @param have one bit for each chunk; belongs to the message, and after decoding to the receiver
    record Participate(ManifestId manifest, Bitfield have) implements Message {
        public int chunks() {
            return have.size();
        }
    }

    /// The sender takes part no longer and serves nothing of the manifest.
    record Leave(ManifestId manifest) implements Message {}

    /// The sender now has these chunks too.
    record Have(ManifestId manifest, List<Integer> chunks) implements Message {
        public Have {
            chunks = indices(chunks);
        }
    }

    /// The sender no longer has these chunks, nor fetches those that it claimed; that is no offence.
    record Gone(ManifestId manifest, List<Integer> chunks) implements Message {
        public Gone {
            chunks = indices(chunks);
        }
    }

    /// The sender, a gateway of the receiver's site, is fetching these chunks from other sites.
    record Claim(ManifestId manifest, List<Integer> chunks) implements Message {
        public Claim {
            chunks = indices(chunks);
        }
    }

    /// Asks for a manifest's head.
    record GetHead(ManifestId manifest) implements Message {}

    /// Asks for a page.
    record GetPage(Hash page) implements Message {}

    /// Asks for a signed document.
    record GetDocument(Hash document) implements Message {}

    /// Asks for the headers of chunks that follow each other in a manifest's chunk table.
    ///
    /// @param first index of the first chunk
    record GetHeaders(ManifestId manifest, int first, int count) implements Message {
        public GetHeaders {
            index(first);
            between("headers", count, 1, HEADERS_MAX);
        }
    }

    /// Those of the headers asked for that the sender has, in the order of the chunk table. Which chunk each is
    /// of says the header itself, by its id: unverified until that is compared with the table.
    ///
    /// @param first as it was asked for
    record Headers(ManifestId manifest, int first, List<ChunkHeader> headers) implements Message {
        public Headers {
            index(first);
            headers = List.copyOf(headers);
            between("headers", headers.size(), 0, HEADERS_MAX);
        }

        /// Of all hashes together.
        public int bytes() {
            return headers.stream()
                    .mapToInt(header -> header.blocks() * Hash.BYTES)
                    .sum();
        }
    }

    /// Answers a get: the sender does not have what has that hash.
    record NotHere(Hash hash) implements Message {}

    /// Bytes that answer a get. They say themselves, by their hash, what they are.
    sealed interface Answer extends Message {
        /// Read only; the caller takes a duplicate before moving its position.
        ByteBuffer bytes();

        default byte[] toBytes() {
            byte[] copy = new byte[bytes().remaining()];
            bytes().duplicate().get(copy);
            return copy;
        }
    }

    /// A manifest's head, unverified.
    record Head(ByteBuffer bytes) implements Answer {
        public Head {
            bytes = carried("head", bytes, ManifestHead.BYTES_MAX);
        }
    }

    /// A page, unverified.
    record PageBytes(ByteBuffer bytes) implements Answer {
        public PageBytes {
            bytes = carried("page", bytes, Page.BYTES_MAX);
        }
    }

    /// A signed document, unverified.
    record Document(ByteBuffer bytes) implements Answer {
        public Document {
            bytes = carried("document", bytes, DOCUMENT_BYTES_MAX);
        }
    }

    /// Asks for frames of one chunk.
    ///
    /// @param request chosen by the asker, unique among its open requests on this connection
    /// @param frames bit `i` asks for frame `i`; never 0
    /// @param header whether the chunk's header is wanted too
    record Request(int request, ManifestId manifest, int chunk, int frames, boolean header) implements Message {
        public Request {
            id(request);
            index(chunk);
            between("frames", frames, 1, (1 << Frame.PER_CHUNK_MAX) - 1);
        }
    }

    /// Asks for any one chunk that the asker lacks, of the holder's choosing.
    record Credit(int request, ManifestId manifest) implements Message {
        public Credit {
            id(request);
        }
    }

    /// The header of the chunk that the request, or the holder's choice, is about.
    record Header(int request, int chunk, ChunkHeader header) implements Message {
        public Header {
            id(request);
            index(chunk);
        }
    }

    /// One frame, unverified.
    ///
    /// @param index of the frame in its chunk
    record Data(int request, int index, Frame frame) implements Message {
        public Data {
            id(request);
            between("frame index", index, 0, Frame.PER_CHUNK_MAX - 1);
        }
    }

    /// The request will not be answered.
    ///
    /// @param retryMillis when asking again may do better; 0: not worth while, or at once elsewhere
    record Refuse(int request, Reason reason, int retryMillis) implements Message {
        public Refuse {
            id(request);
            between("retry milliseconds", retryMillis, 0, RETRY_MILLIS_MAX);
        }

        /// Why.
        public enum Reason {
            /// The chunk is not, or no longer, here.
            NOT_HERE(0),
            /// The sender serves as many as it can.
            BUSY(1),
            /// To a credit: the asker lacks nothing that the sender would choose now.
            NOTHING_NEW(2);

            private final int code;

            Reason(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }
        }
    }

    /// Takes a request back.
    record Cancel(int request) implements Message {
        public Cancel {
            id(request);
        }
    }

    /// The sender has these signed documents.
    record Documents(List<Hash> hashes) implements Message {
        public Documents {
            hashes = List.copyOf(hashes);
            between("documents", hashes.size(), 1, DOCUMENTS_MAX);
        }
    }

    /// Hosts that the sender knows.
    record Peers(List<PeerAddress> peers) implements Message {
        public Peers {
            peers = List.copyOf(peers);
            between("peers", peers.size(), 1, PEERS_MAX);
        }
    }

    /// What a node says of itself, for those who are not in the cluster, or of those: the bytes of a presence.
    ///
    /// @param own whether it is of the sender, who is no member of the cluster; else a member passes it on
    record Here(boolean own, ByteBuffer presence) implements Message {
        public Here {
            presence = carried("presence", presence, PRESENCE_BYTES_MAX);
        }
    }

    /// Asks for a pong with the same token.
    record Ping(long token) implements Message {
        public Ping {
            between("token", token, 0, Long.MAX_VALUE);
        }
    }

    /// The answer to a ping.
    record Pong(long token) implements Message {
        public Pong {
            between("token", token, 0, Long.MAX_VALUE);
        }
    }

    private static void id(int request) {
        between("request id", request, 0, Integer.MAX_VALUE);
    }

    private static void index(int chunk) {
        between("chunk index", chunk, 0, Manifest.CHUNKS_MAX - 1);
    }

    private static List<Integer> indices(List<Integer> chunks) {
        between("chunk indices", chunks.size(), 1, INDICES_MAX);
        List<Integer> copy = List.copyOf(chunks);
        copy.forEach(Message::index);
        return copy;
    }

    private static ByteBuffer carried(String what, ByteBuffer bytes, int max) {
        between("bytes of a " + what, bytes.remaining(), 1, max);
        return bytes.slice().asReadOnlyBuffer();
    }

    private static void between(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + ": expected " + min + " to " + max + ", found " + value);
        }
    }
}
