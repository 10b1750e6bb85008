package dev.muster.protocol.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.trust.key.Validity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsChannelTest {
    private final FleetFixture fleet = new FleetFixture("test");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsSentCrossesWholeHoweverItIsSplit(long seed) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        MemoryChannel a = end(fleet.keys("a", Role.HOST), true, random);
        MemoryChannel b = end(fleet.keys("b", Role.HOST), false, random);
        byte[] large = packet(3 << 20, random);
        byte[] toB = MemoryChannel.stream(random, 200, 4096, large);
        byte[] toA = MemoryChannel.stream(random, 2000, 64);

        MemoryChannel.exchange(a, b, toB, toA);

        assertArrayEquals(toB, b.received(), "seed " + seed);
        assertArrayEquals(toA, a.received(), "seed " + seed);
        assertEquals(List.of(new Subject("test", Role.HOST, "b")), a.greeted());
        assertEquals(List.of(new Subject("test", Role.HOST, "a")), b.greeted());
    }

    @Test
    void nothingPassesBeforeThePeerIsWelcome() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        List<TlsKeys> strangers = List.of(
                TlsKeys.none(),
                new FleetFixture("test").keys("b", Role.HOST),
                fleet.keys("b", Role.OPERATOR),
                expired());
        for (TlsKeys keys : strangers) {
            MemoryChannel member = end(fleet.keys("a", Role.HOST), false, random);
            MemoryChannel stranger = end(keys, true, random);

            assertThrows(
                    IOException.class,
                    () -> MemoryChannel.exchange(
                            stranger,
                            member,
                            MemoryChannel.stream(random, 5, 100),
                            MemoryChannel.stream(random, 5, 100)));

            assertEquals(0, member.received().length);
            assertEquals(List.of(), member.greeted());
        }
    }

    @Test
    void aMemberThatIsDialledMustShowThatItIsOneToo() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        MemoryChannel member = end(fleet.keys("a", Role.HOST), true, random);
        MemoryChannel stranger =
                new MemoryChannel(new FleetFixture("test").keys("b", Role.HOST), fleet.trust(), false, random);

        assertThrows(
                IOException.class,
                () -> MemoryChannel.exchange(member, stranger, MemoryChannel.stream(random, 5, 100), new byte[0]));
        assertEquals(0, stranger.received().length);
    }

    @Test
    void aRevokedHostIsNotLetIn() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        FleetTrust trust = fleet.trust().without(subject -> subject.id().equals("b"));
        MemoryChannel member = new MemoryChannel(fleet.keys("a", Role.HOST), trust, false, random);
        MemoryChannel revoked = end(fleet.keys("b", Role.HOST), true, random);

        assertThrows(
                IOException.class,
                () -> MemoryChannel.exchange(revoked, member, MemoryChannel.stream(random, 5, 100), new byte[0]));
        assertEquals(List.of(), member.greeted());
    }

    @Test
    void plainBytesAreRefused() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (String text : List.of("HZC\4\0\0\0\0\0\0\0\0\0\0", "CB2\0\0\0", "GET / HTTP/1.1\r\n\r\n")) {
            MemoryChannel member = end(fleet.keys("a", Role.HOST), false, random);

            assertThrows(
                    IOException.class, () -> member.receive(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))));
            assertEquals(0, member.received().length);
        }
    }

    @Test
    void aRenewedIdentityIsShownToTheNextPeer() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        TlsKeys keys = fleet.keys("a", Role.HOST);
        for (String id : List.of("a", "c")) {
            keys.renew(fleet.keys(id, Role.HOST).newest().orElseThrow());
            MemoryChannel a = end(keys, true, random);
            MemoryChannel b = end(fleet.keys("b", Role.HOST), false, random);

            MemoryChannel.exchange(a, b, MemoryChannel.stream(random, 1, 1), MemoryChannel.stream(random, 1, 1));

            assertEquals(id, b.greeted().getFirst().id());
        }
    }

    @Test
    void aPacketThatIsTooLongEndsTheConnection() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        MemoryChannel a = end(fleet.keys("a", Role.HOST), true, random);
        MemoryChannel b = end(fleet.keys("b", Role.HOST), false, random);
        ByteBuffer huge = ByteBuffer.allocate(14).put("HZC".getBytes(StandardCharsets.US_ASCII));
        huge.put((byte) 4).putShort((short) 0).putInt(0).putInt(PacketLimit.PACKET_BYTES_MAX + 1);

        IOException refused =
                assertThrows(IOException.class, () -> MemoryChannel.exchange(a, b, huge.array(), new byte[0]));

        assertTrue(refused.getMessage().contains("packet"), refused.getMessage());
        assertEquals(0, b.received().length);
    }

    private MemoryChannel end(TlsKeys keys, boolean dialled, RandomGenerator random) throws IOException {
        return new MemoryChannel(keys, fleet.trust(), dialled, random);
    }

    private TlsKeys expired() throws IOException {
        TlsIdentity identity = fleet.identity(
                "b",
                Role.HOST,
                new Validity(
                        Instant.now().minus(Duration.ofDays(2)), Instant.now().minus(Duration.ofDays(1))));
        return new TlsKeys(identity);
    }

    private static byte[] packet(int length, RandomGenerator random) {
        return MemoryChannel.packet(length, random);
    }
}
