package dev.muster.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The table of attacks names tests that are there, and all twenty-five attacks.
final class AttacksDocTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)(?:\\.([A-Za-z0-9]+)…?)?`");
    private static final int ATTACKS = 25;

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        Set<String> missing = new TreeSet<>();
        int seen = 0;
        Matcher named = TEST.matcher(text());
        while (named.find()) {
            seen++;
            String method = named.group(2) == null ? "" : named.group(2);
            if (!isThere(named.group(1), method)) {
                missing.add(named.group());
            }
        }

        assertEquals(Set.of(), missing);
        assertTrue(seen > ATTACKS, "only " + seen);
    }

    @Test
    void everyAttackHasARow() throws IOException {
        String text = text();
        for (int i = 1; i <= ATTACKS; i++) {
            assertTrue(text.contains("\n| A" + i + " |"), "A" + i);
        }
    }

    private static boolean isThere(String test, String method) throws IOException {
        for (Path file : TidyTest.javaFiles()) {
            if (file.endsWith(test + ".java")) {
                return method.isEmpty() || Files.readString(file).contains("void " + method);
            }
        }
        return false;
    }

    private static String text() throws IOException {
        return Files.readString(TidyTest.root().resolve("ops/docs/ATTACKS.md"));
    }
}
