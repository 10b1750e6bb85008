package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.fleet.Operator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster keys submit`: what was signed goes to the fleet.
@Command(
        name = "submit",
        description = {
            "Give the fleet a root, a revocation list or a pin that enough keys have signed.",
            "Several files of one document are taken together, where signers worked side by side."
        },
        footer = {"", "Example:", "  muster keys submit root-2.anna root-2.bert --operator fleet/operator"})
final class KeysSubmitCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The signed document.")
    private List<Path> files = new ArrayList<>();

    KeysSubmitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Paper paper = Paper.merge(files);
        try (Operator operator = invocation.operator()) {
            JsonNode answer = operator.submit(paper.envelope());
            String state = answer.path("new").asBoolean() ? " holds from now on" : " was known already";
            invocation
                    .output()
                    .result(
                            answer,
                            answer.path("type").asText() + " "
                                    + answer.path("document").asText() + state);
        }
        return Commands.done();
    }
}
