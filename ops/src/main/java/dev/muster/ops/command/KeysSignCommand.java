package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster keys sign`, `muster release sign`: a signature on a document in a file. It needs no network and no fleet.
@Command(
        name = "sign",
        description = "Show what a document says, and sign it with all keys in --keys DIR that are for its type.",
        footer = {
            "",
            "Example:",
            "  muster keys sign root-2.request --keys /media/anna",
            "  muster release sign debian-3.request --keys /media/anna"
        })
final class KeysSignCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "The document: a root, release, revocation list or pin.")
    private Path file = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it; by default in its place.")
    private @Nullable Path out;

    @Option(names = "--show", description = "Only show what it says.")
    private boolean show;

    KeysSignCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Paper paper = Paper.read(file);
        List<String> lines = paper.describe();
        ObjectNode json = Json.object()
                .put("type", paper.envelope().type().toString())
                .put("document", paper.envelope().hash().toString());
        ArrayNode signed = json.putArray("signedBy");
        if (show) {
            invocation.output().result(json, String.join("\n", lines));
            return Commands.done();
        }
        lines.forEach(invocation.output()::note);
        List<SigningKey> keys = invocation.keyRing().of(paper.envelope().type());
        Path target = out == null ? file : out;
        paper.signedBy(keys).write(target);
        keys.forEach(key -> signed.add(key.id().toString()));
        invocation
                .output()
                .result(json, "signed by " + keys.stream().map(SigningKey::id).toList() + ": " + target);
        return Commands.done();
    }
}
