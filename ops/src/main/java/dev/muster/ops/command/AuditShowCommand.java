package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.fleet.AuditTrail;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Table;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster audit show`: the log, oldest first.
@Command(
        name = "show",
        description = "Show what was ordered, by whom, and what came of it, the newest last.",
        footer = {"", "Example:", "  muster audit show --last 50 --operator fleet/operator"})
final class AuditShowCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "100",
            description = "So many of the newest entries; 0: all. Default: ${DEFAULT-VALUE}.")
    private int last = 100;

    AuditShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Table table = new Table("ENTRY", "TIME", "WHO", "OUTCOME", "WHAT");
        ObjectNode json = Json.object();
        ArrayNode entries = json.putArray("entries");
        try (Operator operator = invocation.operator()) {
            AuditTrail.End end = AuditTrail.read(operator, _ -> {}, Optional.empty());
            long from = last == 0 ? 0 : Math.max(0, end.number() - last);
            AuditTrail.read(
                    operator,
                    entry -> {
                        if (entry.number() > from) {
                            String time = Instant.ofEpochMilli(entry.at())
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString();
                            table.row(Long.toString(entry.number()), time, entry.who(), entry.outcome(), entry.what());
                            entries.addObject()
                                    .put("number", entry.number())
                                    .put("at", entry.at())
                                    .put("who", entry.who())
                                    .put("what", entry.what())
                                    .put("outcome", entry.outcome())
                                    .put("hash", entry.hash().toString());
                        }
                    },
                    Optional.of(end));
            invocation.output().result(json, table.toString());
        }
        return Commands.done();
    }
}
