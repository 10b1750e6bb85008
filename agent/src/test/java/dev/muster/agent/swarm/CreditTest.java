package dev.muster.agent.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CreditTest {
    private static final long MILLI = 1_000_000;
    private static final int SOURCE = 0;
    private static final int OTHER = 1;
    private static final int ALL = 0xff;

    @Test
    void aCreditThatWaitedLongIsNotTakenForStalledWhenItIsAnswered() {
        Swarm swarm = swarm(new Bitfield(16));
        swarm.on(new SwarmEvent.Joined(SOURCE, "source", "here", Bitfield.full(16)), 0);
        swarm.on(new SwarmEvent.Joined(OTHER, "other", "here", new Bitfield(16)), 0);
        List<SwarmCommand.Grant> grants = only(SwarmCommand.Grant.class, swarm.fill(0));
        assertEquals(Limits.CREDITS_PER_SOURCE, grants.size());
        int quick = grants.get(0).request();
        int slow = grants.get(1).request();
        swarm.on(new SwarmEvent.Named(SOURCE, quick, 3), 10 * MILLI);
        swarm.on(new SwarmEvent.Verified(SOURCE, quick, ALL), 20 * MILLI);

        List<SwarmCommand> commands = new ArrayList<>(swarm.on(new SwarmEvent.Named(SOURCE, slow, 4), 5_000 * MILLI));
        commands.addAll(swarm.on(new SwarmEvent.Tick(), 5_100 * MILLI));

        assertEquals(List.of(), only(SwarmCommand.Cancel.class, commands));
    }

    @Test
    void whatIsTakenBackWhenItHasBeenSentIsSpreadAgainAtOnce() {
        Swarm source = swarm(Bitfield.full(1));
        source.on(new SwarmEvent.Joined(0, "one", "here", new Bitfield(1)), 0);
        source.on(new SwarmEvent.Joined(1, "two", "here", new Bitfield(1)), 0);
        assertInstanceOf(
                SwarmCommand.Send.class,
                source.on(new SwarmEvent.Credited(0, 7), 0).getFirst());
        source.on(new SwarmEvent.Sent(0, 7), 10 * MILLI);
        assertInstanceOf(
                SwarmCommand.Refuse.class,
                source.on(new SwarmEvent.Credited(1, 8), 20 * MILLI).getFirst());

        source.on(new SwarmEvent.Cancelled(0, 7), 30 * MILLI);

        assertInstanceOf(
                SwarmCommand.Send.class,
                source.on(new SwarmEvent.Credited(1, 9), 40 * MILLI).getFirst());
    }

    @Test
    void aSourceElsewhereIsLeftAloneAsSoonAsAnotherOfItsSiteTakesPart() {
        Swarm swarm = swarm(new Bitfield(16));
        swarm.on(new SwarmEvent.Joined(SOURCE, "source", "there", Bitfield.full(16)), 0);
        List<SwarmCommand.Ask> asked = only(SwarmCommand.Ask.class, swarm.fill(0));
        assertTrue(!asked.isEmpty());

        List<SwarmCommand> commands =
                swarm.on(new SwarmEvent.Joined(OTHER, "other", "there", new Bitfield(16)), 5 * MILLI);

        assertEquals(asked.size(), only(SwarmCommand.Cancel.class, commands).size(), commands.toString());
        assertEquals(List.of(), only(SwarmCommand.Ask.class, swarm.fill(10 * MILLI)));
    }

    @Test
    void theGatewaysOfASiteDoNotAllAskForTheFirstChunkThatComesUp() {
        List<String> gateways = List.of("g0", "g1", "g2", "g3");
        int asked = 0;
        int askedLater = 0;
        for (String self : gateways) {
            Swarm swarm = new Swarm(
                    new Swarm.Place(self, "here", 1),
                    table(16),
                    new Bitfield(16),
                    Limits.DEFAULT,
                    new SplittableRandom(self.hashCode()));
            swarm.on(new SwarmEvent.Joined(0, "far", "there", new Bitfield(16)), 0);
            for (String other : gateways) {
                if (!other.equals(self)) {
                    swarm.on(new SwarmEvent.Joined(1 + gateways.indexOf(other), other, "here", new Bitfield(16)), 0);
                }
            }
            swarm.on(new SwarmEvent.Has(0, 5), MILLI);
            asked += only(SwarmCommand.Ask.class, swarm.fill(MILLI)).size();
            askedLater += only(SwarmCommand.Ask.class, swarm.fill(500 * MILLI)).size();
        }

        assertEquals(1, asked);
        assertEquals(3, askedLater, "the others take it when it is left to them");
    }

    private static Swarm swarm(Bitfield have) {
        return new Swarm(
                new Swarm.Place("self", "here", 1), table(have.size()), have, Limits.DEFAULT, new SplittableRandom(1));
    }

    private static List<ChunkEntry> table(int chunks) {
        ChunkEntry entry = new ChunkEntry(new ChunkId(new Hash(1, 2, 3, 4)), 8 * Frame.BLOCKS, 1 << 20);
        return Collections.nCopies(chunks, entry);
    }

    private static <C extends SwarmCommand> List<C> only(Class<C> kind, List<SwarmCommand> commands) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
