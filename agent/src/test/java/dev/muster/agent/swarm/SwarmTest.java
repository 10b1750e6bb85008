package dev.muster.agent.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.wire.Bitfield;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SwarmTest {
    private static final long MINUTE = 60_000_000_000L;

    @Test
    void aSourceSendsLittleMoreThanOneCopy() {
        for (long seed = 0; seed < 8; seed++) {
            SwarmNetwork network = new SwarmNetwork(seed, 128);
            SwarmNetwork.Host source = network.add("source", Bitfield.full(128));
            for (int i = 0; i < 8; i++) {
                network.add("host-" + i, new Bitfield(128));
            }

            long took = network.run(10 * MINUTE);

            assertTrue(took > 0, "seed " + seed + " did not finish");
            assertTrue(source.framesSent <= 1.15 * 256, "seed " + seed + ": the source sent " + source.framesSent);
            long received = network.hosts.values().stream()
                    .mapToLong(h -> h.framesReceived)
                    .sum();
            assertTrue(received <= 1.03 * 8 * 256, "seed " + seed + ": " + received + " frames for " + 8 * 256);
        }
    }

    @Test
    void aLateHostAmongCompleteOnesIsServedByMany() {
        for (long seed = 0; seed < 8; seed++) {
            SwarmNetwork network = new SwarmNetwork(seed, 128);
            for (int i = 0; i < 4; i++) {
                network.add("source-" + i, Bitfield.full(128));
            }
            SwarmNetwork.Host late = network.add("late", new Bitfield(128));

            assertTrue(network.run(10 * MINUTE) > 0, "seed " + seed + " did not finish");

            assertEquals(256, late.framesReceived, "seed " + seed);
            for (int i = 0; i < 4; i++) {
                int sent = network.hosts.get("source-" + i).framesSent;
                assertTrue(sent >= 40 && sent <= 90, "seed " + seed + ": source " + i + " sent " + sent);
            }
        }
    }

    @Test
    void ofHostsThatHaveEverythingOneHasTheLastCopy() {
        SwarmNetwork network = new SwarmNetwork(1, 8);
        for (int i = 0; i < 5; i++) {
            network.add("host-" + i, Bitfield.full(8));
        }
        network.add("without", new Bitfield(8));

        assertTrue(network.run(MINUTE) > 0);

        List<String> last = lastCopies(network);
        assertEquals(1, last.size(), last::toString);
        network.kill(last.getFirst());
        network.add("later", new Bitfield(8));
        assertTrue(network.run(2 * MINUTE) > 0);
        List<String> next = lastCopies(network);
        assertEquals(2, next.size(), () -> "the dead one and another, found " + next);
    }

    private static List<String> lastCopies(SwarmNetwork network) {
        return network.hosts.entrySet().stream()
                .filter(host -> host.getKey().startsWith("host-")
                        && host.getValue().swarm.isLast())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void hostsThatDieAreNoLossAndTheSourceMayGoWhenEachChunkHasACopy() {
        for (long seed = 0; seed < 10; seed++) {
            SwarmNetwork network = new SwarmNetwork(seed, 64);
            network.add("source", Bitfield.full(64));
            network.add("other", Bitfield.full(64));
            for (int i = 0; i < 6; i++) {
                network.add("host-" + i, new Bitfield(64));
            }
            network.at(40_000_000L, () -> network.kill("host-1"));
            network.at(80_000_000L, () -> network.kill("source"));
            network.at(90_000_000L, () -> network.add("late", new Bitfield(64)));

            assertTrue(network.run(10 * MINUTE) > 0, "seed " + seed + " did not finish");
        }
    }

    @Test
    void aPeerThatSendsWrongBytesIsNamedAndLeft() {
        for (long seed = 0; seed < 8; seed++) {
            SwarmNetwork network = new SwarmNetwork(seed, 64);
            network.add("source", Bitfield.full(64));
            network.add("liar", Bitfield.full(64));
            network.liars.add("liar");
            SwarmNetwork.Host honest = network.add("honest", new Bitfield(64));

            assertTrue(network.run(10 * MINUTE) > 0, "seed " + seed + " did not finish");

            assertEquals(1, honest.blamed.size(), "seed " + seed);
            assertEquals("liar", honest.blamed.getFirst());
        }
    }

    @Test
    void eachSiteTakesLittleMoreThanOneCopyFromOthers() {
        for (long seed = 0; seed < 8; seed++) {
            SwarmNetwork network = new SwarmNetwork(seed, 64);
            network.add("source", "a", Bitfield.full(64));
            for (String site : List.of("a", "b", "c")) {
                for (int i = 0; i < 5; i++) {
                    network.add(site + i, site, new Bitfield(64));
                }
            }

            assertTrue(network.run(10 * MINUTE) > 0, "seed " + seed + " did not finish");

            assertTrue(network.framesInto("b") <= 1.15 * 128, "seed " + seed + ": " + network.framesInto("b"));
            assertTrue(network.framesInto("c") <= 1.15 * 128, "seed " + seed + ": " + network.framesInto("c"));
        }
    }

    @Test
    void aSiteGoesOnWhenAGatewayDies() {
        for (long seed = 0; seed < 8; seed++) {
            SwarmNetwork network = new SwarmNetwork(seed, 64);
            network.add("source", "a", Bitfield.full(64));
            for (int i = 0; i < 8; i++) {
                network.add("b" + i, "b", new Bitfield(64));
            }
            network.at(30_000_000L, () -> network.kill(network.gateway("b")));

            assertTrue(network.run(10 * MINUTE) > 0, "seed " + seed + " did not finish");

            assertTrue(network.framesInto("b") <= 1.3 * 128, "seed " + seed + ": " + network.framesInto("b"));
        }
    }

    @Test
    void whoGetsWrongBytesFromEverybodySuspectsItsOwnMemory() {
        SwarmNetwork network = new SwarmNetwork(1, 64);
        for (int i = 0; i < 10; i++) {
            network.add("peer-" + i, Bitfield.full(64));
            network.liars.add("peer-" + i);
        }
        SwarmNetwork.Host host = network.add("host", new Bitfield(64));

        network.run(MINUTE);

        assertTrue(host.suspects);
    }
}
