package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One message of each type, with its bytes in hexadecimal, written by hand from the package's documentation.
final class Samples {
    /// The hash with the bytes 0, 1, ... 31.
    private static final String HASH = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private Samples() {}

    static Map<Message, String> all() throws Corrupt {
        Hash hash = Hash.parse(HASH);
        ManifestId manifest = new ManifestId(hash);
        Bitfield have = new Bitfield(11);
        have.set(0);
        have.set(2);
        have.set(10);
        ByteBuffer abc = ByteBuffer.wrap(new byte[] {'a', 'b', 'c'});
        PeerAddress peer = new PeerAddress("h1", "rack-1", new Address("::1", 7410));
        Map<Message, String> samples = new LinkedHashMap<>();
        samples.put(new Hello(1, "f", "h1", "s"), "0d000000 01 0100 0100 66 0200 6831 0100 73");
        samples.put(new Participate(manifest, have), "27000000 02" + HASH + "0b000000 05 04");
        samples.put(new Leave(manifest), "21000000 03" + HASH);
        samples.put(new Have(manifest, List.of(7, 0x123456)), "2d000000 04" + HASH + "02000000 07000000 56341200");
        samples.put(new Gone(manifest, List.of(1)), "29000000 05" + HASH + "01000000 01000000");
        samples.put(new Claim(manifest, List.of(1)), "29000000 19" + HASH + "01000000 01000000");
        samples.put(new GetHead(manifest), "21000000 06" + HASH);
        samples.put(new Head(abc), "04000000 07 616263");
        samples.put(new GetPage(hash), "21000000 08" + HASH);
        samples.put(new PageBytes(abc), "04000000 09 616263");
        samples.put(new NotHere(hash), "21000000 0a" + HASH);
        samples.put(new Request(258, manifest, 3, 0x81, true), "2b000000 0b 02010000" + HASH + "03000000 81 01");
        samples.put(new Credit(258, manifest), "25000000 0c 02010000" + HASH);
        samples.put(new Header(258, 3, ChunkHeader.of(hash.toBytes())), "2b000000 0d 02010000 03000000 0100" + HASH);
        samples.put(new Data(258, 7, new Frame(Frame.Codec.ZSTD, abc)), "0a000000 0e 02010000 07 01 616263");
        samples.put(new Refuse(258, Refuse.Reason.NOTHING_NEW, 1000), "0a000000 0f 02010000 02 e8030000");
        samples.put(new Cancel(258), "05000000 10 02010000");
        samples.put(new Documents(List.of(hash)), "25000000 11 01000000" + HASH);
        samples.put(new GetDocument(hash), "21000000 12" + HASH);
        samples.put(new Document(abc), "04000000 13 616263");
        samples.put(new Peers(List.of(peer)), "18000000 14 01000000 0200 6831 0600 7261636b2d31 0300 3a3a31 f21c");
        samples.put(new Ping(0x0102030405060708L), "09000000 15 0807060504030201");
        samples.put(new Pong(5), "09000000 16 0500000000000000");
        samples.put(new Message.Here(true, ByteBuffer.wrap(new byte[] {1, 2, 3})), "05000000 1a 01 010203");
        samples.put(new GetHeaders(manifest, 258, 64), "26000000 17" + HASH + "02010000 40");
        samples.put(
                new Headers(manifest, 258, List.of(ChunkHeader.of(hash.toBytes()))),
                "48000000 18" + HASH + "02010000 01 0100" + HASH);
        return samples;
    }
}
