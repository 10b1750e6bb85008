package dev.muster.ops.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Shell shell = new Shell(
            Map.of(),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);

    @Test
    void aResultIsTextOrOneLineOfJson() {
        new Output(shell, false).result(Json.object().put("a", 1), "a is 1");
        new Output(shell, true).result(Json.object().put("a", 1), "a is 1");

        assertEquals("a is 1\n{\"a\":1}\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aRefusalHasItsReason() {
        int exit = new Output(shell, true).failure(new Refused(Reason.BAD_TOKEN, "no such token"));

        assertEquals(11, exit);
        assertEquals("""
                {"error":{"exit":11,"kind":"refused","reason":"BAD_TOKEN","message":"no such token"}}
                """, out.toString(StandardCharsets.UTF_8));
        assertEquals("muster: no such token\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aResultCanComeWithAFailure() {
        Unreachable late = new Unreachable("too few");

        assertEquals(13, new Output(shell, true).result(Json.object().put("copies", 1), "1 copy", late));
        assertEquals(13, new Output(shell, false).result(Json.object(), "1 copy", late));

        assertEquals("""
                {"copies":1,"error":{"exit":13,"kind":"unreachable","message":"too few"}}
                1 copy
                """, out.toString(StandardCharsets.UTF_8));
        assertEquals("muster: too few\nmuster: too few\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void everyProblemHasALineOfItsOwn() {
        int exit = new Output(shell, false).failure(new BadConfiguration("one\ntwo"));

        assertEquals(2, exit);
        assertEquals("muster: one\nmuster: two\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aFileIsNamed() {
        Output output = new Output(shell, false);

        assertEquals(2, output.failure(new NoSuchFileException("disk.raw")));
        assertEquals(2, output.failure(new UncheckedIOException(new AccessDeniedException("key.pem"))));
        assertEquals(
                "muster: disk.raw: no such file or directory\nmuster: key.pem: permission denied\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void onlyABugHasAStackTrace() {
        Output output = new Output(shell, false);

        assertEquals(1, output.failure(new IOException("the disk is on fire")));
        assertEquals("muster: the disk is on fire\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(1, output.failure(new IllegalStateException("impossible")));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("at dev.muster.ops.shell.OutputTest"));
    }
}
