package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Shell;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A command that was run in this process and has ended.
public record Ended(List<String> args, int exit, String out, String err) {

    public static Ended run(Map<String, String> environment, List<String> args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new Shell(
                environment,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int exit = Muster.run(args, shell);
        return new Ended(args, exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    public static Ended run(String... args) {
        return run(Map.of(), List.of(args));
    }

    /// The result of a command that must have succeeded.
    public JsonNode json() throws Corrupt {
        assertEquals(0, exit, this::toString);
        return Json.parse("output", out);
    }

    /// It must have failed like this, with one line that says so.
    ///
    /// @return the line
    public String failed(int code, String part) {
        assertEquals(code, exit, this::toString);
        List<String> lines = err.lines().toList();
        String last = lines.getLast();
        assertTrue(last.startsWith("muster: ") && last.contains(part), this::toString);
        assertTrue(lines.stream().allMatch(line -> line.startsWith("muster: ")), this::toString);
        return last;
    }
}
