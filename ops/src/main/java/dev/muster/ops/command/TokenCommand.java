package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster token`: makes a join token.
@Command(
        name = "token",
        description = "Make a join token for new hosts, and print it once.",
        footer = {"", "Example:", "  muster token --operator fleet/operator --uses 8 --ttl 2h --site paris >token"})
final class TokenCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(
            names = "--uses",
            paramLabel = "N",
            defaultValue = "1",
            description = "For so many hosts: ${DEFAULT-VALUE}.")
    private int uses = 1;

    @Option(names = "--ttl", paramLabel = "TIME", defaultValue = "1h", description = "For so long: ${DEFAULT-VALUE}.")
    private Duration ttl = Duration.ofHours(1);

    @Option(names = "--site", paramLabel = "SITE", defaultValue = "", description = "Where these hosts stand.")
    private String site = "";

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "What these hosts are. May be repeated.")
    private Map<String, String> labels = new TreeMap<>();

    TokenCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode request = Json.object().put("uses", uses).put("ttlSeconds", ttl.toSeconds());
        if (!site.isEmpty()) {
            request.put("site", site);
        }
        ObjectNode wanted = request.putObject("labels");
        labels.forEach(wanted::put);
        try (Operator operator = invocation.operator()) {
            JsonNode answer = operator.post("/v1/tokens", request);
            invocation.output().result(answer, answer.path("token").asText());
        }
        return Commands.done();
    }
}
