package dev.muster.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A map must be tested or it lies: whatever ARCHITECTURE.md writes as `code` and looks like a type or a package is
/// one.
final class ArchitectureDocTest {
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TYPE = Pattern.compile("[A-Z][a-z]+[A-Za-z]*");
    private static final Pattern PACKAGE =
            Pattern.compile("(protocol|chunkstore|coordinator|agent|bench|ops)(\\.[a-z]+)+");

    @Test
    void everyTypeAndPackageThatItNamesIsThere() throws IOException {
        JavaClasses classes = new ClassFileImporter().importPackages("dev.muster");
        Set<String> types = classes.stream().map(each -> each.getSimpleName()).collect(Collectors.toSet());
        TidyTest.javaFiles()
                .forEach(file -> types.add(String.valueOf(file.getFileName()).replace(".java", "")));
        Set<String> packages = classes.stream()
                .map(each -> each.getPackageName().replaceFirst("^dev\\.muster\\.", ""))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        int seen = 0;
        Matcher code = CODE.matcher(text());
        while (code.find()) {
            String word = code.group(1);
            if (TYPE.matcher(word).matches()) {
                seen++;
                if (!types.contains(word)) {
                    missing.add(word);
                }
            } else if (PACKAGE.matcher(word).matches()) {
                seen++;
                if (packages.stream().noneMatch(name -> name.equals(word) || name.startsWith(word + "."))) {
                    missing.add(word);
                }
            }
        }

        assertEquals(Set.of(), missing);
        assertTrue(seen >= 30, "only " + seen + " names");
    }

    @Test
    void itIsShort() throws IOException {
        List<String> lines = text().lines().toList();

        assertTrue(lines.size() <= 200, lines.size() + " lines");
    }

    private static String text() throws IOException {
        return Files.readString(TidyTest.root().resolve("ops/docs/ARCHITECTURE.md"));
    }
}
