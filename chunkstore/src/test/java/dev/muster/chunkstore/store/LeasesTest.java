package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class LeasesTest {
    private final Leases leases = new Leases();
    private final Set<Hash> here = ConcurrentHashMap.newKeySet();
    private final Hash thing = new Hash(1, 2, 3, 4);

    LeasesTest() {
        here.add(thing);
    }

    @Test
    void whatIsHeldIsNotTakenAway() throws IOException {
        HashTable lease = leases.open();
        assertTrue(leases.hold(lease, thing));

        assertFalse(leases.unlessHeld(thing, this::take));
        assertTrue(here.contains(thing));
        assertTrue(leases.holds(thing));

        leases.close(lease);
        assertFalse(leases.holds(thing));
        assertTrue(leases.unlessHeld(thing, this::take));
    }

    @Test
    void whoHoldsAThingWhileItIsTakenAwayFindsThatItIsNotHere() throws Exception {
        HashTable lease = leases.open();
        AtomicBoolean found = new AtomicBoolean(true);
        Thread user = new Thread(() -> {
            assertTrue(leases.hold(lease, thing));
            found.set(here.contains(thing));
        });

        assertTrue(leases.unlessHeld(thing, () -> {
            // The user comes after the collector has looked for leases, and before anything is gone.
            user.start();
            while (user.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return take();
        }));

        user.join();
        assertFalse(found.get());
    }

    @Test
    void whoHoldsAThingWhileItIsLookedForIsSeenByTheNextCollector() throws Exception {
        HashTable lease = leases.open();
        Hash other = new Hash(5, 6, 7, 8);
        AtomicBoolean found = new AtomicBoolean();
        Thread user = new Thread(() -> {
            assertTrue(leases.hold(lease, thing));
            found.set(here.contains(thing));
        });

        assertTrue(leases.unlessHeld(other, () -> {
            user.start();
            return true;
        }));
        user.join();

        assertTrue(found.get());
        assertFalse(leases.unlessHeld(thing, this::take));
    }

    @Test
    void aLeaseThatIsClosedDuringACollectionLingersUntilItsEnd() throws IOException {
        HashTable lease = leases.open();
        leases.hold(lease, thing);
        leases.beginCollection();
        leases.close(lease);
        leases.close(lease);
        assertFalse(leases.unlessHeld(thing, this::take));

        leases.endCollection();
        assertTrue(leases.unlessHeld(thing, this::take));
    }

    @Test
    void leasesAreBounded() throws IOException {
        HashTable first = leases.open();
        for (int i = 1; i < Leases.OPEN_MAX; i++) {
            leases.open();
        }
        assertThrows(StoreRefused.class, leases::open);

        leases.close(first);
        assertEquals(0, leases.open().size());
    }

    private boolean take() {
        return here.remove(thing);
    }
}
