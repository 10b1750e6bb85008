package dev.muster.ops.command;

import dev.muster.ops.fleet.AuditTrail;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster audit verify`: the chain, from the first entry to the newest.
@Command(
        name = "verify",
        description = {
            "Check that no entry was changed, taken out or put in, and print the newest with its hash.",
            "Note that down somewhere else: with --noted, nobody can have rewritten what came before it."
        },
        footer = {"", "Example:", "  muster audit verify --noted 118=sha256:0123… --operator fleet/operator"})
final class AuditVerifyCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(
            names = "--noted",
            paramLabel = "NUMBER=sha256:HEX",
            description = "An entry that was printed here before, which must be there still.")
    private @Nullable String noted;

    AuditVerifyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            AuditTrail.End end = AuditTrail.read(operator, _ -> {}, noted());
            invocation
                    .output()
                    .result(
                            Json.object()
                                    .put("number", end.number())
                                    .put("hash", end.hash().toString()),
                            "the chain holds: " + end.number() + "=" + end.hash());
        }
        return Commands.done();
    }

    private Optional<AuditTrail.End> noted() throws BadConfiguration {
        if (noted == null) {
            return Optional.empty();
        }
        int equals = noted.indexOf('=');
        try {
            return Optional.of(new AuditTrail.End(
                    Long.parseLong(noted.substring(0, Math.max(0, equals))), Hash.parse(noted.substring(equals + 1))));
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(
                    "--noted: expected NUMBER=sha256:HEX as muster audit verify prints it, found " + noted);
        }
    }
}
