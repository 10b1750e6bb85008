package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster host revoke`: shuts a host out.
@Command(
        name = "revoke",
        description = {
            "Shut a host out: coordinators refuse it at once, and every host cuts its connections with it within",
            "seconds of hearing of the list that the release keys sign. Without --keys or --out only coordinators do."
        },
        footer = {"", "Example:", "  muster host revoke h0123456789abcde --keys fleet/keys --operator fleet/operator"})
final class HostRevokeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "ID", description = "The host.")
    private String id = "";

    @Mixin
    private ListOptions list = new ListOptions();

    HostRevokeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (!Names.isName(id)) {
            throw new BadConfiguration("host: expected the id of a host, found " + Names.printable(id, 80));
        }
        try (Operator operator = invocation.operator()) {
            JsonNode _ = operator.delete("/v1/hosts/" + Operator.segment(id));
            ObjectNode json = Json.object().put("host", id);
            String text = "coordinators refuse host " + id;
            if (list.given(invocation)) {
                long now = System.currentTimeMillis();
                JsonNode answer =
                        list.change(invocation, operator, known -> known.withMember(Subject.Role.HOST, id, now));
                json.set("list", answer);
                text += "\n" + list.text(answer, "host " + id + " is shut out");
            } else {
                text += "; other hosts still talk with it until its certificate runs out: to cut that too, sign a list"
                        + " with --keys DIR, or with --out FILE for those who have the release keys";
            }
            invocation.output().result(json, text);
        }
        return Commands.done();
    }
}
