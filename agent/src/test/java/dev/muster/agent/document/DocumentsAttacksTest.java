package dev.muster.agent.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.Freshness;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a host keeps on its disk holds against replays, restarts, clocks and rot.
final class DocumentsAttacksTest {
    private static final Map<String, String> LABELS = Map.of("site", "a");
    private static final long NOW = FleetFixture.NOW;
    private static final long DAY = 86_400_000;
    private static final long YEAR_2040 = 2_208_988_800_000L;

    @TempDir
    Path dir;

    private final FleetFixture fleet = FleetFixture.plain();
    private final Root second = fleet.root(2, Set.of(Algorithm.ED25519), List.of(fleet.director));
    private long clock = NOW;
    private Signed<Release> one;
    private Signed<Release> two;
    private List<Envelope> old = List.of();

    @BeforeEach
    void signTwice() throws Exception {
        one = fleet.signed(FleetFixture.release("web", "1", 1));
        two = fleet.signed(FleetFixture.release("web", "2", 2));
        old = List.of(
                fleet.root(1, Set.of(Algorithm.ED25519), List.of(fleet.director)).sign(List.of(fleet.rootKey)),
                list(1),
                freshness(1),
                fleet.pin(fleet.director, 1).run(one.hash()).sign().envelope());
        Documents documents = open();
        for (Envelope document : List.of(
                one.envelope(),
                two.envelope(),
                list(2),
                freshness(2),
                fleet.pin(fleet.director, 2).run(two.hash()).sign().envelope(),
                second.sign(List.of(fleet.rootKey)))) {
            assertEquals(Documents.Outcome.NEW, documents.offer(document), document.type()::toString);
        }
    }

    @Test
    void a03WhatIsOldIsRefusedAfterARestartWhateverTheClockSays() throws Exception {
        for (long time : new long[] {NOW, 0, YEAR_2040}) {
            clock = time;
            for (Envelope each : old) {
                SortedMap<String, Hash> before = files();
                Documents documents = open();
                assertThrows(Refused.class, () -> documents.offer(each), each.type()::toString);
                assertEquals(before, files(), "nothing on the disk has changed");
                assertEquals(two.hash(), runs(documents));
            }
        }
    }

    @Test
    void a03GoingBackWorksAtOnceWhateverTheClockSays() throws Exception {
        int number = 3;
        for (long time : new long[] {NOW, 0, YEAR_2040}) {
            clock = time;
            Hash target = number % 2 == 1 ? one.hash() : two.hash();
            Envelope pin = fleet.pin(fleet.director, number++)
                    .run(target)
                    .notBefore(0)
                    .expires(YEAR_2040 + DAY)
                    .sign()
                    .envelope();

            assertEquals(Documents.Outcome.NEW, open().offer(pin));

            assertEquals(target, runs(open()));
        }
    }

    @Test
    void a20EitherCopyOfTheNumbersMayRot() throws Exception {
        for (String copy : List.of("numbers-a", "numbers-b")) {
            byte[] good = Files.readAllBytes(dir.resolve(copy));
            for (int i = 0; i < good.length; i += 7) {
                byte[] bad = good.clone();
                bad[i] ^= 1;
                Files.write(dir.resolve(copy), bad);
                Documents documents = open();
                assertThrows(Refused.class, () -> documents.offer(old.get(1)));
            }
            Files.write(dir.resolve(copy), good);
        }
    }

    @Test
    void a20DocumentsThatArePutBackAreRefusedByTheNumbers() throws Exception {
        for (String kind : List.of("revocations", "freshness", "pin")) {
            try (Stream<Path> files = Files.list(dir.resolve(kind))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        Envelope oldList = old.get(1);
        Files.write(dir.resolve("revocations").resolve(oldList.hash().hex()), oldList.encode());

        Documents documents = open();

        assertNotEquals(true, documents.isRevoked(host("old")));
        for (Envelope each : old) {
            if (each.type() == Type.PIN) {
                continue; // The one that superseded it is gone too: until it comes again, nothing says which is newer.
            }
            assertThrows(Refused.class, () -> documents.offer(each), each.type()::toString);
        }
        assertEquals(Documents.Outcome.NEW, documents.offer(list(2)));
        assertTrue(documents.isRevoked(host("new")));
    }

    @Test
    void aHostThatIsShutOutStaysSoAfterARestart() throws Exception {
        assertTrue(open().isRevoked(host("new")));
        assertEquals(false, open().isRevoked(host("old")));
    }

    @Test
    void whatIsPinnedOnTheHostComesFirstUntilItIsUnpinned() throws Exception {
        Documents documents = open();
        documents.pinLocally(one);
        assertEquals(one.hash(), runs(documents));

        documents.offer(fleet.pin(fleet.director, 9).run(two.hash()).sign().envelope());

        assertEquals(one.hash(), runs(open()));
        Documents again = open();
        again.unpinLocally("web");
        assertEquals(two.hash(), runs(again));
        assertEquals(two.hash(), runs(open()));
    }

    @Test
    void whatTheReleaseKeysTookBackIsNotPinnedOnAHostEither() throws Exception {
        Documents documents = open();
        Revocations list = new Revocations(3, NOW, new TreeSet<>(Set.of(one.hash())), new TreeMap<>(), members("new"));
        documents.offer(list.sign(List.of(fleet.releaseKey)));

        assertThrows(Refused.class, () -> documents.pinLocally(one));

        assertEquals(two.hash(), runs(documents));
    }

    private Envelope list(long number) {
        return new Revocations(number, NOW, new TreeSet<>(), new TreeMap<>(), members(number == 1 ? "old" : "new"))
                .sign(List.of(fleet.releaseKey));
    }

    private static Revocations.Members members(String host) {
        return Revocations.Members.none().with(Subject.Role.HOST, host);
    }

    private static Subject host(String id) {
        return new Subject(FleetFixture.FLEET, Subject.Role.HOST, id);
    }

    private Envelope freshness(long number) {
        return new Freshness(
                        fleet.director.id(),
                        number,
                        new Freshness.Span(NOW, NOW + DAY),
                        new Freshness.Newest(1, number, new TreeMap<>()))
                .sign(List.of(fleet.director));
    }

    private static Hash runs(Documents documents) {
        var duty = documents.decide("h1", LABELS).run().get("web");
        if (duty == null) {
            throw new AssertionError("nothing decides: " + documents.decide("h1", LABELS));
        }
        return duty.release().hash();
    }

    private SortedMap<String, Hash> files() throws IOException {
        SortedMap<String, Hash> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : new ArrayList<>(files.toList())) {
                if (Files.isRegularFile(file)) {
                    hashes.put(dir.relativize(file).toString(), Hash.of(read(file)));
                }
            }
        }
        return hashes;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// With the roots that the host has come to know.
    private Documents open() throws IOException {
        Envelope first = fleet.root.sign(List.of(fleet.rootKey));
        List<Envelope> roots = new ArrayList<>(List.of(first));
        Path stepped = dir.resolve("root").resolve("0001");
        if (Files.exists(stepped)) {
            roots.add(Envelope.decode(Files.readAllBytes(stepped)));
        }
        return Documents.open(
                dir, RootChain.of(first.hash(), roots), Release.Fit.any(), () -> Instant.ofEpochMilli(clock));
    }
}
