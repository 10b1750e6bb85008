package dev.muster.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// What is true of the sources as text.
final class TidyTest {
    private static final Path ROOT = root();
    private static final int FILE_LINES_MAX = 500;
    private static final int LINE_MAX = 120;
    private static final int METHOD_LINES_MAX = 60;
    private static final int PARAMETERS_MAX = 6;

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
    void methodsAreShortAndTakeFewParameters() throws IOException {
        List<String> problems = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(javaFiles()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodCheck(unit, positions, problems).scan(unit, null);
            }
        }
        assertEquals(List.of(), problems);
    }

    /// Looks at every method and constructor of a file.
    private static final class MethodCheck extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> problems;

        MethodCheck(CompilationUnitTree unit, SourcePositions positions, List<String> problems) {
            this.unit = unit;
            this.positions = positions;
            this.problems = problems;
        }

        @Override
        public Void visitMethod(MethodTree method, Void context) {
            long first = line(positions.getStartPosition(unit, method));
            long last = line(positions.getEndPosition(unit, method));
            String where = unit.getSourceFile().getName() + ":" + first + " " + method.getName();
            if (last - first + 1 > METHOD_LINES_MAX) {
                problems.add(where + ": " + (last - first + 1) + " lines");
            }
            if (method.getName().contentEquals("<init>")
                    && method.getParameters().size() > PARAMETERS_MAX) {
                problems.add(where + ": " + method.getParameters().size() + " parameters");
            }
            return super.visitMethod(method, null);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
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

    static List<Path> javaFiles() throws IOException {
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
