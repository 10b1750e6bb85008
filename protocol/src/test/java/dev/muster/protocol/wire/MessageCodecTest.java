package dev.muster.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message.Data;
import dev.muster.protocol.wire.Message.Participate;
import dev.muster.protocol.wire.MessageCodec.Encoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final ManifestId MANIFEST = new ManifestId(Hash.of(new byte[] {1}));

    @Test
    void theBytesOfEachMessageAreThoseOfTheDocumentation() throws Corrupt {
        Map<Message, String> samples = Samples.all();

        assertEquals(MessageType.values().length, samples.size());
        for (Map.Entry<Message, String> sample : samples.entrySet()) {
            byte[] bytes = HexFormat.of().parseHex(sample.getValue().replace(" ", ""));
            assertEquals(
                    HexFormat.of().formatHex(bytes),
                    HexFormat.of()
                            .formatHex(MessageCodec.encode(sample.getKey()).toBytes()));
            assertEquals(sample.getKey(), MessageCodec.decode(ByteBuffer.wrap(bytes)));
        }
    }

    /// A changed byte gives another message or none, and whatever decodes is what those bytes say.
    @Test
    void everyChangedByteIsRefusedOrSaysSomethingElse() throws Corrupt {
        for (Message message : Samples.all().keySet()) {
            byte[] bytes = MessageCodec.encode(message).toBytes();
            for (int at = 0; at < bytes.length; at++) {
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    byte[] changed = bytes.clone();
                    changed[at] ^= (byte) (1 << bit);
                    assertFalse(decodesTo(message, changed), message + " with bit " + bit + " of byte " + at);
                }
            }
        }
    }

    @Test
    void everyCutOrLengthenedMessageIsRefused() throws Corrupt {
        for (Message message : Samples.all().keySet()) {
            byte[] bytes = MessageCodec.encode(message).toBytes();
            for (int length = 0; length < bytes.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
                assertThrows(Corrupt.class, () -> MessageCodec.decode(cut));
            }
            ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1).put(bytes).rewind();
            assertThrows(Corrupt.class, () -> MessageCodec.decode(longer));
        }
    }

    @Seeded(runs = 100)
    void randomBodiesAreRefusedOrRoundTrip(RandomGenerator random) {
        for (MessageType type : MessageType.values()) {
            byte[] body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            for (int i = 0; i < body.length; i++) {
                // Small numbers, so that counts and lengths are sometimes right.
                body[i] = random.nextBoolean() ? (byte) random.nextInt(4) : body[i];
            }
            byte[] bytes = ByteBuffer.allocate(MessageCodec.PREFIX_BYTES + body.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(1 + body.length)
                    .put((byte) type.code())
                    .put(body)
                    .array();
            try {
                Message message = MessageCodec.decode(ByteBuffer.wrap(bytes));
                assertEquals(
                        ByteBuffer.wrap(bytes),
                        ByteBuffer.wrap(MessageCodec.encode(message).toBytes()),
                        () -> "of " + message);
            } catch (Corrupt e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith("message"), e.toString());
            }
        }
    }

    @Test
    void aLengthBeyondTheCapOfItsTypeIsRefusedFromThePrefixAlone() {
        for (MessageType type : MessageType.values()) {
            ByteBuffer prefix = ByteBuffer.allocate(MessageCodec.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            prefix.putInt(1 + type.bodyBytesMax() + 1).put((byte) type.code()).flip();
            assertThrows(Corrupt.class, () -> MessageCodec.size(prefix), type.name());
        }
        for (int code : new int[] {0, MessageType.values().length + 1, 255}) {
            ByteBuffer prefix = ByteBuffer.wrap(new byte[] {1, 0, 0, 0, (byte) code});
            assertThrows(Corrupt.class, () -> MessageCodec.size(prefix));
        }
    }

    @Test
    void theLargestMessagesFitTheirCaps() throws Corrupt {
        Participate largest = new Participate(MANIFEST, Bitfield.full(Bitfield.SIZE_MAX));
        Encoded encoded = MessageCodec.encode(largest);
        assertEquals(MessageCodec.BYTES_MAX, encoded.size());
        assertEquals(largest, MessageCodec.decode(ByteBuffer.wrap(encoded.toBytes())));

        PeerAddress peer = new PeerAddress(
                "h".repeat(Name.LENGTH_MAX),
                "s".repeat(Name.LENGTH_MAX),
                new Address("a".repeat(Address.HOST_LENGTH_MAX), 65535));
        Message.Peers peers = new Message.Peers(Collections.nCopies(Message.PEERS_MAX, peer));
        assertEquals(
                peers,
                MessageCodec.decode(ByteBuffer.wrap(MessageCodec.encode(peers).toBytes())));

        ChunkHeader header = ChunkHeader.of(new byte[ChunkHeader.BLOCKS_MAX * Hash.BYTES]);
        Message.Headers headers = new Message.Headers(MANIFEST, 7, Collections.nCopies(Message.HEADERS_MAX, header));
        assertEquals(
                headers,
                MessageCodec.decode(ByteBuffer.wrap(MessageCodec.encode(headers).toBytes())));
    }

    @Test
    void aFrameIsNeitherCopiedToBeSentNorAfterItCame() throws Corrupt {
        byte[] payload = new byte[Frame.RAW_BYTES];
        Data data = new Data(1, 0, new Frame(Frame.Codec.RAW, ByteBuffer.wrap(payload)));

        Encoded encoded = MessageCodec.encode(data);
        payload[7] = 42;
        assertEquals(42, encoded.rest().get(7));
        assertEquals(0, encoded.rest().position());

        byte[] received = encoded.toBytes();
        Data decoded = (Data) MessageCodec.decode(ByteBuffer.wrap(received));
        received[received.length - 1] = 43;
        assertEquals(43, decoded.frame().view().get(Frame.RAW_BYTES - 1));
    }

    @Test
    void whatARecordRefusesIsACallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> new Message.Request(1, MANIFEST, 0, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new Message.Have(MANIFEST, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Message.Have(MANIFEST, List.of(1 << 24)));
        assertThrows(IllegalArgumentException.class, () -> new Message.Cancel(-1));
        assertThrows(IllegalArgumentException.class, () -> new Message.GetHeaders(MANIFEST, 0, 65));
        assertThrows(IllegalArgumentException.class, () -> new Message.GetHeaders(MANIFEST, 1 << 24, 1));
        assertThrows(IllegalArgumentException.class, () -> new Message.Head(ByteBuffer.allocate(65_537)));
        assertThrows(IllegalArgumentException.class, () -> new Message.Hello(1, "Fleet", "h", "s"));
    }

    private static boolean decodesTo(Message message, byte[] bytes) {
        try {
            return MessageCodec.decode(ByteBuffer.wrap(bytes)).equals(message);
        } catch (Corrupt _) {
            return false;
        }
    }
}
