package dev.muster.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is true of the sources as text.
final class TidyTest {
    private static final Path ROOT = root();
    private static final int FILE_LINES_MAX = 500;
    private static final int LINE_MAX = 120;
    private static final int METHOD_LINES_MAX = 60;

    /// The first line of a method or constructor of a class or of one inside it; its last one may be further down.
    private static final Pattern METHOD = Pattern.compile("( {4}| {8})(?!(return|if|for|while|switch|try|else|do|new|"
            + "case|default|catch|synchronized)\\b)[\\w<@].*\\(.*");

    private static final Pattern NO_METHOD = Pattern.compile(".*(->|[^=!<>]= |\\b(class|interface|enum|record) \\w).*");

    @Test
    void filesAreShort() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path file : javaFiles()) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > FILE_LINES_MAX) {
                problems.add(ROOT.relativize(file) + ": " + lines.size() + " lines");
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > LINE_MAX) {
                    problems.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).length() + " characters");
                }
            }
        }
        assertEquals(List.of(), problems);
    }

    @Test
    void methodsAreShort() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path file : javaFiles()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                int length = METHOD.matcher(lines.get(i)).matches() ? methodLength(lines, i) : 0;
                if (length > METHOD_LINES_MAX) {
                    problems.add(ROOT.relativize(file) + ":" + (i + 1) + ": a method of " + length + " lines");
                }
            }
        }
        assertEquals(List.of(), problems);
    }

    /// How many lines the method has that begins at `first`; 0 if none does.
    private static int methodLength(List<String> lines, int first) {
        int last = first;
        while (!lines.get(last).matches(".*[;{}]")) {
            last++;
        }
        String signature = String.join(" ", lines.subList(first, last + 1));
        if (!signature.endsWith("{") || NO_METHOD.matcher(signature).matches()) {
            return 0;
        }
        String indent = lines.get(first).startsWith("        ") ? "        " : "    ";
        while (!lines.get(last).equals(indent + "}")) {
            last++;
        }
        return last - first + 1;
    }

    @Test
    void nothingIsLeftOpen() throws IOException {
        Pattern open = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@Disabled|@author|/\\*\\*");
        List<String> problems = new ArrayList<>();
        for (Path file : javaFiles()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (open.matcher(lines.get(i)).find() && !file.endsWith("TidyTest.java")) {
                    problems.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        assertEquals(List.of(), problems);
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path file : javaFiles()) {
            Path packageInfo = file.resolveSibling("package-info.java");
            if (file.toString().contains("/src/main/") && !Files.exists(packageInfo)) {
                problems.add(ROOT.relativize(file.getParent()) + ": no package-info.java");
            } else if (file.equals(packageInfo) && file.toString().contains("/src/main/")) {
                String text = Files.readString(file);
                if (!text.startsWith("///") || !text.contains("@NullMarked")) {
                    problems.add(ROOT.relativize(file) + ": no documentation, or not @NullMarked");
                }
            }
        }
        assertEquals(List.of(), problems.stream().distinct().toList());
    }

    @Test
    void theTopLevelIsFixed() throws IOException {
        try (Stream<Path> entries = Files.list(ROOT)) {
            List<String> names = entries.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals("target"))
                    .sorted()
                    .toList();
            assertEquals(
                    List.of("README.md", "agent", "bench", "chunkstore", "coordinator", "ops", "pom.xml", "protocol"),
                    names);
        }
    }

    private static List<Path> javaFiles() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> found = files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList();
            assertTrue(found.size() > 50, "found " + found.size() + " sources under " + ROOT);
            return found;
        }
    }

    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("ops/muster"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
