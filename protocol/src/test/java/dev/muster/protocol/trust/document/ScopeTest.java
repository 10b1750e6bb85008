package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ScopeTest {
    @Test
    void labelsMatchHostsThatHaveAllOfThem() {
        Scope scope = match(Map.of("rack", "a", "tier", "web"));

        assertTrue(scope.matches("h1", Map.of("rack", "a", "tier", "web", "site", "x")));
        assertFalse(scope.matches("h1", Map.of("rack", "a")));
        assertTrue(Scope.all().matches("h1", Map.of()));
    }

    @Test
    void hostsMatchByName() {
        Scope scope = new Scope.Hosts(List.of("h1", "h2"));

        assertTrue(scope.matches("h2", Map.of()));
        assertFalse(scope.matches("h3", Map.of()));
    }

    @Test
    void labelsOverlapUnlessTheyContradict() {
        assertTrue(match(Map.of("rack", "a")).overlaps(match(Map.of("tier", "web"))));
        assertTrue(match(Map.of("rack", "a")).overlaps(Scope.all()));
        assertTrue(Scope.all().overlaps(match(Map.of("rack", "a"))));
        assertFalse(match(Map.of("rack", "a")).overlaps(match(Map.of("rack", "b"))));
        assertFalse(match(Map.of("rack", "a", "x", "1")).overlaps(match(Map.of("rack", "b", "y", "2"))));
    }

    @Test
    void hostsOverlapIfTheyShareOneAndLabelsAlwaysMay() {
        Scope mine = new Scope.Hosts(List.of("h1", "h2"));

        assertTrue(mine.overlaps(new Scope.Hosts(List.of("h2", "h3"))));
        assertFalse(mine.overlaps(new Scope.Hosts(List.of("h3", "h4"))));
        assertTrue(mine.overlaps(match(Map.of("rack", "a"))));
        assertTrue(match(Map.of("rack", "a")).overlaps(mine));
    }

    @Test
    void hostsAreSortedAndNoneTwice() {
        assertThrows(IllegalArgumentException.class, () -> new Scope.Hosts(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Scope.Hosts(List.of("h2", "h1")));
        assertThrows(IllegalArgumentException.class, () -> new Wave.Hosts(List.of("h1", "h1")));
        assertThrows(IllegalArgumentException.class, () -> new Scope.Hosts(List.of("../h1")));
    }

    @Test
    void printableTextHasNoControlCharactersAndFits() {
        assertEquals("a b", Names.printable("a\nb", 10));
        assertEquals("ää", Names.printable("äää", 5));
    }

    private static Scope match(Map<String, String> labels) {
        return new Scope.Match(new TreeMap<>(labels));
    }
}
