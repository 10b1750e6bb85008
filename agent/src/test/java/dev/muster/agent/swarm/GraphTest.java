package dev.muster.agent.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GraphTest {
    private static final long IMAGE = 7;

    @Test
    void neighboursAreMutualAndAboutTwenty() {
        Graph graph = graph(3, 100);

        for (String host : hosts(3, 100)) {
            Set<String> neighbours = graph.neighbours(host);
            assertTrue(neighbours.size() >= 15 && neighbours.size() <= 22, host + " has " + neighbours.size());
            for (String other : neighbours) {
                assertTrue(graph.neighbours(other).contains(host), host + " and " + other);
            }
        }
    }

    @Test
    void everyHostReachesEveryOtherAlsoWhenAThirdOfThemIsGone() {
        Graph graph = graph(3, 60);
        List<String> left = new ArrayList<>(hosts(3, 60));
        for (int i = 0; i < 60; i++) {
            graph.remove(left.remove(i));
        }

        Set<String> reached = new HashSet<>(Set.of(left.getFirst()));
        Queue<String> todo = new ArrayDeque<>(reached);
        while (!todo.isEmpty()) {
            for (String next : graph.neighbours(todo.remove())) {
                if (reached.add(next)) {
                    todo.add(next);
                }
            }
        }

        assertEquals(new HashSet<>(left), reached);
    }

    @Test
    void inASmallSiteAllAreLinked() {
        Graph graph = graph(1, 21);

        assertEquals(20, graph.neighbours("s0-h0").size());
    }

    @Test
    void aNewcomerMovesFewCandidates() {
        Graph graph = graph(1, 50);
        List<String> before = graph.candidates("s0", IMAGE);
        graph.add("new", "s0");

        List<String> after = new ArrayList<>(graph.candidates("s0", IMAGE));

        assertEquals(Graph.CANDIDATES, after.size());
        after.removeAll(before);
        assertTrue(after.isEmpty() || after.equals(List.of("new")), after.toString());
    }

    @Test
    void candidatesOfAllSitesAreLinkedAndOthersAreNot() {
        Graph graph = graph(3, 20);
        List<String> candidates = graph.candidates("s1", IMAGE);

        Set<String> links = graph.gatewayLinks(candidates.getFirst(), IMAGE);

        for (String site : List.of("s0", "s1", "s2")) {
            for (String candidate : graph.candidates(site, IMAGE)) {
                assertTrue(candidate.equals(candidates.getFirst()) || links.contains(candidate), candidate);
            }
        }
        for (String host : hosts(3, 20)) {
            if (host.startsWith("s1") && !candidates.contains(host)) {
                assertEquals(Set.of(), graph.gatewayLinks(host, IMAGE));
            }
        }
    }

    private static Graph graph(int sites, int hostsEach) {
        Graph graph = new Graph();
        hosts(sites, hostsEach).forEach(host -> graph.add(host, host.substring(0, host.indexOf('-'))));
        return graph;
    }

    private static List<String> hosts(int sites, int each) {
        List<String> hosts = new ArrayList<>();
        for (int site = 0; site < sites; site++) {
            for (int i = 0; i < each; i++) {
                hosts.add("s" + site + "-h" + i);
            }
        }
        return hosts;
    }
}
