package dev.muster.ops.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/// Writes what a command has to say: its result as text or as one line of JSON, its failure as lines that begin with
/// `muster:`.
public final class Output {
    private final Shell shell;
    private final boolean json;

    public Output(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    public boolean isJson() {
        return json;
    }

    /// Prints the result, in the one of its two forms that was asked for.
    public void result(JsonNode node, String text) {
        shell.out().println(json ? node.toString() : text);
        shell.out().flush();
    }

    /// Says something that is not the result.
    public void note(String text) {
        text.lines().forEach(line -> shell.err().println("muster: " + line));
    }

    /// Prints the result of a command that did what cannot be undone, and says how what it does after that failed. In
    /// JSON the failure is the field `error` of the result.
    ///
    /// @return its exit code
    public int result(ObjectNode node, String text, Throwable failure) {
        ExitCode exit = ExitCode.of(failure);
        node.set("error", error(failure, exit));
        result(node, text);
        note(message(failure));
        return exit.code();
    }

    /// Says how the command failed.
    ///
    /// @return its exit code
    public int failure(Throwable thrown) {
        Throwable cause = thrown.getCause();
        Throwable failure = thrown instanceof UncheckedIOException && cause != null ? cause : thrown;
        ExitCode exit = ExitCode.of(failure);
        if (json) {
            ObjectNode whole = Json.object();
            whole.set("error", error(failure, exit));
            shell.out().println(whole);
            shell.out().flush();
        }
        note(message(failure));
        if (exit == ExitCode.BUG && !(failure instanceof IOException)) {
            failure.printStackTrace(shell.err());
        }
        return exit.code();
    }

    private static ObjectNode error(Throwable failure, ExitCode exit) {
        ObjectNode error = Json.object();
        error.put("exit", exit.code()).put("kind", exit.name().toLowerCase(Locale.ROOT));
        if (failure instanceof Refused refused) {
            error.put("reason", refused.reason().name());
        }
        return error.put("message", message(failure));
    }

    private static String message(Throwable failure) {
        String said = failure.getMessage();
        return switch (failure) {
            case MusterException known -> String.valueOf(known.getMessage());
            case InterruptedException _ -> "interrupted";
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException file -> file.getFile() + ": " + reason(file);
            case IOException _ -> said == null ? failure.getClass().getSimpleName() : said;
            default -> "this is a bug of muster, please report it: " + failure;
        };
    }

    private static String reason(FileSystemException failure) {
        String reason = failure.getReason();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
