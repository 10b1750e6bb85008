package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.Page;
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

/// The kinds of message in the order of their codes, without gaps, and the most bytes that the body of each takes.
enum MessageType {
    HELLO(1, 2 + 3 * (2 + Name.LENGTH_MAX)),
    PARTICIPATE(2, Hash.BYTES + 4 + Bitfield.SIZE_MAX / 8),
    LEAVE(3, Hash.BYTES),
    HAVE(4, Hash.BYTES + 4 + 4 * Message.INDICES_MAX),
    GONE(5, Hash.BYTES + 4 + 4 * Message.INDICES_MAX),
    GET_HEAD(6, Hash.BYTES),
    HEAD(7, ManifestHead.BYTES_MAX),
    GET_PAGE(8, Hash.BYTES),
    PAGE(9, Page.BYTES_MAX),
    NOT_HERE(10, Hash.BYTES),
    REQUEST(11, 4 + Hash.BYTES + 4 + 1 + 1),
    CREDIT(12, 4 + Hash.BYTES),
    HEADER(13, 4 + 4 + 2 + ChunkHeader.BLOCKS_MAX * Hash.BYTES),
    DATA(14, 4 + 1 + 1 + Frame.RAW_BYTES),
    REFUSE(15, 4 + 1 + 4),
    CANCEL(16, 4),
    DOCUMENTS(17, 4 + Message.DOCUMENTS_MAX * Hash.BYTES),
    GET_DOCUMENT(18, Hash.BYTES),
    DOCUMENT(19, Message.DOCUMENT_BYTES_MAX),
    PEERS(20, 4 + Message.PEERS_MAX * (2 * (2 + Name.LENGTH_MAX) + 2 + Address.HOST_LENGTH_MAX + 2)),
    PING(21, 8),
    PONG(22, 8),
    GET_HEADERS(23, Hash.BYTES + 4 + 1),
    HEADERS(24, Hash.BYTES + 4 + 1 + Message.HEADERS_MAX * (2 + ChunkHeader.BLOCKS_MAX * Hash.BYTES)),
    CLAIM(25, Hash.BYTES + 4 + 4 * Message.INDICES_MAX),
    HERE(26, 1 + Message.PRESENCE_BYTES_MAX);

    private static final MessageType[] BY_CODE = values();

    private final int code;
    private final int bodyBytesMax;

    MessageType(int code, int bodyBytesMax) {
        this.code = code;
        this.bodyBytesMax = bodyBytesMax;
    }

    int bodyBytesMax() {
        return bodyBytesMax;
    }

    int code() {
        return code;
    }

    static MessageType of(int code) throws Corrupt {
        if (code < 1 || code > BY_CODE.length) {
            throw new Corrupt("message: expected a type from 1 to " + BY_CODE.length + ", found " + code);
        }
        return BY_CODE[code - 1];
    }

    static MessageType of(Message message) {
        return switch (message) {
            case Hello _ -> HELLO;
            case Participate _ -> PARTICIPATE;
            case Leave _ -> LEAVE;
            case Have _ -> HAVE;
            case Gone _ -> GONE;
            case GetHead _ -> GET_HEAD;
            case Head _ -> HEAD;
            case GetPage _ -> GET_PAGE;
            case PageBytes _ -> PAGE;
            case NotHere _ -> NOT_HERE;
            case Request _ -> REQUEST;
            case Credit _ -> CREDIT;
            case Header _ -> HEADER;
            case Data _ -> DATA;
            case Refuse _ -> REFUSE;
            case Cancel _ -> CANCEL;
            case Documents _ -> DOCUMENTS;
            case GetDocument _ -> GET_DOCUMENT;
            case Document _ -> DOCUMENT;
            case Peers _ -> PEERS;
            case Ping _ -> PING;
            case Pong _ -> PONG;
            case GetHeaders _ -> GET_HEADERS;
            case Headers _ -> HEADERS;
            case Claim _ -> CLAIM;
            case Here _ -> HERE;
        };
    }
}
