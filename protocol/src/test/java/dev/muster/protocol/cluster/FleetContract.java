package dev.muster.protocol.cluster;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.cluster.Presence.Part;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/// What every view of a fleet of several nodes promises to nodes that say who they are.
abstract class FleetContract {
    private static final ManifestId MANIFEST = new ManifestId(Hash.of(new byte[] {1}));

    /// One more node of the same fleet. The test closes it.
    abstract Fleet join() throws MusterException;

    @Test
    void whatANodePublishesAllSee() throws Exception {
        try (Fleet a = join();
                Fleet b = join();
                Fleet c = join()) {
            Presence presence = new Presence(
                    Kind.AGENT,
                    new PeerAddress("a", "rack-1", Address.parse("10.0.0.1:7410")),
                    Optional.of(Address.parse("[::1]:7411")),
                    Map.of("role", "web", "room", "Köln"),
                    7,
                    List.of(new Part(MANIFEST, 3, 10)));

            b.publish(presence("b", 1));
            c.publish(presence("c", 1));
            a.publish(presence);

            awaitView(Set.of(presence, presence("b", 1), presence("c", 1)), a, b, c);
        }
    }

    @Test
    void aNodeSeesItselfAtOnce() throws Exception {
        try (Fleet a = join()) {
            a.publish(presence("a", 1));

            assertEquals(List.of(presence("a", 1)), List.copyOf(a.present()));
        }
    }

    @Test
    void whatIsPublishedLaterTakesThePlaceOfAllBefore() throws Exception {
        try (Fleet a = join();
                Fleet b = join()) {
            a.publish(presence("a", 1));
            b.publish(presence("b", 1));
            awaitView(Set.of(presence("a", 1), presence("b", 1)), a, b);

            a.publish(presence("a", 2));

            awaitView(Set.of(presence("a", 2), presence("b", 1)), a, b);
        }
    }

    @Test
    void aNewcomerSeesWhoWasThereBefore() throws Exception {
        try (Fleet a = join()) {
            a.publish(presence("a", 1));
            try (Fleet b = join()) {
                b.publish(presence("b", 1));
                awaitView(Set.of(presence("a", 1), presence("b", 1)), b);
            }
        }
    }

    @Test
    void aNodeThatClosesIsGoneForTheOthers() throws Exception {
        try (Fleet a = join();
                Fleet b = join()) {
            b.publish(presence("b", 1));
            a.publish(presence("a", 1));
            try (Fleet c = join()) {
                c.publish(presence("c", 1));
                awaitView(Set.of(presence("a", 1), presence("b", 1), presence("c", 1)), a, b);
            }

            awaitView(Set.of(presence("a", 1), presence("b", 1)), a, b);
        }
    }

    @Test
    void aListenerHearsOfEveryChangeInTheEnd() throws Exception {
        try (Fleet a = join();
                Fleet b = join()) {
            b.publish(presence("b", 1));
            Semaphore heard = new Semaphore(0);
            b.onChange(() -> {
                if (b.present().contains(presence("a", 5))) {
                    heard.release();
                }
            });

            for (int i = 1; i <= 5; i++) {
                a.publish(presence("a", i));
            }

            heard.acquire();
        }
    }

    private static Presence presence(String id, long documents) {
        return new Presence(
                Kind.AGENT,
                new PeerAddress(id, "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                documents,
                List.of());
    }

    private static void awaitView(Set<Presence> expected, Fleet... fleets) throws InterruptedException {
        for (Fleet fleet : fleets) {
            eventually("every node sees " + expected, () -> new HashSet<>(fleet.present()).equals(expected));
        }
    }
}
