package dev.muster.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message.Data;
import dev.muster.protocol.wire.Message.Participate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {

    @Seeded
    void messagesComeOutAsTheyWentInWhereverTheStreamIsCut(RandomGenerator random) throws Corrupt {
        List<Message> sent = new ArrayList<>(Samples.all().keySet());
        sent.add(new Participate(new ManifestId(Hash.of(new byte[] {1})), Bitfield.full(1 << 21)));
        sent.add(new Data(1, 0, new Frame(Frame.Codec.RAW, ByteBuffer.allocate(Frame.RAW_BYTES))));
        sent.addAll(Samples.all().keySet());
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        sent.forEach(message -> stream.writeBytes(MessageCodec.encode(message).toBytes()));

        MessageAssembler assembler = new MessageAssembler();
        List<Message> received = new ArrayList<>();
        byte[] bytes = stream.toByteArray();
        int pieceMax = 1 << random.nextInt(17);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, random.nextInt(pieceMax) + 1);
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, length);
            for (Optional<Message> next = assembler.next(piece); next.isPresent(); next = assembler.next(piece)) {
                received.add(next.get());
            }
            at += length;
        }

        assertEquals(sent, received);
    }

    @Test
    void aLengthThatNoMessageHasIsRefusedBeforeItsBytesCome() {
        ByteBuffer prefix = ByteBuffer.allocate(MessageCodec.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        prefix.putInt(Integer.MAX_VALUE).put((byte) 14).flip();

        assertThrows(Corrupt.class, () -> new MessageAssembler().next(prefix));
    }

    @Seeded(runs = 100)
    void randomStreamsAreRefusedOrWaitForMore(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(256)];
        random.nextBytes(bytes);
        for (int i = 0; i < Math.min(bytes.length, MessageCodec.PREFIX_BYTES); i++) {
            bytes[i] = i == 0 ? bytes[0] : (byte) random.nextInt(i == 4 ? 24 : 2);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        MessageAssembler assembler = new MessageAssembler();
        try {
            int messages = 0;
            while (assembler.next(in).isPresent()) {
                messages++;
            }
            assertEquals(0, in.remaining());
            assertTrue(messages <= bytes.length / MessageCodec.PREFIX_BYTES);
        } catch (Corrupt e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("message"), e.toString());
        }
    }
}
