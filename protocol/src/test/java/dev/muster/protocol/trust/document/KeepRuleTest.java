package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Seeded;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class KeepRuleTest {
    @Test
    void aNameIsKeptIfOnePatternFitsIt() {
        KeepRule rule = KeepRule.parse("debian, win-*,*-lts,a*b*c");

        for (String name : List.of("debian", "win-", "win-11", "ubuntu-lts", "abc", "a-b-b-c")) {
            assertTrue(rule.keeps(name), name);
        }
        for (String name : List.of("debian-12", "win", "lts", "ac", "abcd", "xabc")) {
            assertFalse(rule.keeps(name), name);
        }
    }

    @Test
    void allAndNothingAreWhatTheySay() {
        assertTrue(KeepRule.parse("all").keeps("anything"));
        assertTrue(KeepRule.parse("*").keeps("anything"));
        assertTrue(KeepRule.parse(" ").isNothing());
        assertFalse(KeepRule.NOTHING.keeps("anything"));
        assertFalse(KeepRule.parse("all").isNothing());
    }

    @Test
    void theTextIsWhatWasRead() {
        for (String text : List.of("", "all", "debian", "debian,win-*", "all,web")) {
            assertEquals(text, KeepRule.parse(text).toString());
        }
        assertEquals("all", KeepRule.parse("*").toString());
    }

    @Test
    void whatIsNoRuleIsRefused() {
        for (String text : List.of("Debian", "a,,b", "a b", ",", "-x", "a".repeat(65), "a,".repeat(32) + "b")) {
            assertThrows(IllegalArgumentException.class, () -> KeepRule.parse(text), text);
        }
    }

    /// Against the definition: a pattern fits if it fits with one letter more or less under its first star.
    @Seeded(runs = 500)
    void patternsFitAsTheirDefinitionSays(RandomGenerator random) {
        String pattern = random(random, "ab*", 8);
        String name = random(random, "ab", 8).replace("*", "a");

        assertEquals(fits(pattern, name), new KeepRule(List.of(pattern)).keeps(name), pattern + " and " + name);
    }

    private static boolean fits(String pattern, String name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        String rest = pattern.substring(1);
        if (pattern.charAt(0) == '*') {
            return fits(rest, name) || (!name.isEmpty() && fits(pattern, name.substring(1)));
        }
        return !name.isEmpty() && name.charAt(0) == pattern.charAt(0) && fits(rest, name.substring(1));
    }

    private static String random(RandomGenerator random, String letters, int lengthMax) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(1, lengthMax + 1);
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
