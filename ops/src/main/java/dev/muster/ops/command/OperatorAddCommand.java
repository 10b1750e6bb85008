package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.net.OperatorHome;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster operator add`: somebody else gets a certificate.
@Command(
        name = "add",
        description = {
            "Make the directory that somebody gives the fleet orders from (--operator DIR), or only looks at it from.",
            "viewer: sees everything; operator: also pins, rolls out, publishes, makes tokens;",
            "admin: also says who is a member, and brings what keys have signed."
        },
        footer = {"", "Example:", "  muster operator add anna --role viewer --out anna --operator fleet/operator"})
final class OperatorAddCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "ID", description = "What they are called, also in the audit log.")
    private String id = "";

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer, operator or admin.")
    private String role = "";

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where to make the directory.")
    private Path out = Path.of("");

    OperatorAddCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out)) {
            throw new BadConfiguration("--out: expected nothing at " + out + ", found something");
        }
        try (Operator operator = invocation.operator()) {
            SigningKey key = SigningKey.generate(SigningKey.TLS);
            JsonNode answer = operator.post(
                    "/v1/operators",
                    Json.object()
                            .put("id", id)
                            .put("role", role)
                            .put("request", Base64.getEncoder().encodeToString(Request.of(key))));
            Enrolment enrolment = Enrolment.decode(
                    Base64.getDecoder().decode(answer.path("enrolment").asText()));
            OperatorHome home = operator.home();
            OperatorHome made = OperatorHome.create(
                    out, new TlsIdentity(key, enrolment.chain()), home.rootDocument(), home.coordinators());
            String who = made.identity().subject().toString();
            invocation
                    .output()
                    .result(Json.object().put("operator", who).put("directory", out.toString()), who + ": " + out);
        }
        return Commands.done();
    }
}
