package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.ceremony.RecoveryPin;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Type;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster pin`: the rollback.
@Command(
        name = "pin",
        description = {
            "Tell all hosts of a group at once to run a release. This is how they go back to an older one.",
            "--local: this host only, with no coordinator, until muster unpin --local.",
            "--out FILE: signed by the offline director in --keys DIR, to be carried to a host: muster pin import FILE."
        },
        footer = {
            "",
            "Example:",
            "  muster pin all sha256:0123456789ab --operator fleet/operator",
            "  muster pin --local debian:1 --home /var/lib/muster",
            "  muster pin all debian:1 --out recovery.pin --keys /media/recovery --home /var/lib/muster"
        })
final class PinCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(
            arity = "0..2",
            paramLabel = "GROUP REF",
            description = "The hosts (all is every host; with --out also label=value) and the release.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--local", description = "On this host: only the release is named.")
    private boolean local;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write the pin.")
    private @Nullable Path out;

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "With --out: the priority of the pin among those of other groups: ${DEFAULT-VALUE}.")
    private int priority;

    PinCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        int wanted = local ? 1 : 2;
        if (words.size() != wanted) {
            throw new BadConfiguration("pin: expected " + (local ? "REF" : "GROUP REF") + ", found " + words);
        }
        String ref = words.getLast();
        if (local) {
            return here(ref);
        }
        return out == null ? everywhere(words.getFirst(), ref) : carried(words.getFirst(), ref, out);
    }

    private int everywhere(String group, String ref) throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode pin =
                    operator.post("/v1/pins", Json.object().put("group", group).put("ref", ref));
            String text = "pin " + pin.path("number").asLong() + " for group " + group + ": "
                    + pin.path("name").asText() + " is release "
                    + pin.path("release").asText();
            invocation.output().result(pin, text);
        }
        return Commands.done();
    }

    private int here(String ref) throws IOException {
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            JsonNode pinned = agent.ask(ControlClient.request("pin").put("ref", ref));
            String name = pinned.path("name").asText();
            invocation.output().result(pinned, name + " is pinned on this host until muster unpin --local " + name);
        }
        return Commands.done();
    }

    private int carried(String group, String ref, Path file) throws IOException {
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            JsonNode image = agent.ask(ControlClient.request("resolve").put("ref", ref));
            JsonNode status = agent.ask(ControlClient.request("status"));
            RecoveryPin pin = new RecoveryPin(group, priority, image, status.path("directors"));
            Paper paper = pin.sign(invocation.keyRing().of(Type.PIN), System.currentTimeMillis());
            paper.write(file);
            paper.describe().forEach(invocation.output()::note);
            invocation
                    .output()
                    .result(
                            Json.object()
                                    .put("pin", paper.envelope().hash().toString())
                                    .put("file", file.toString()),
                            "carry it to any host of the fleet: muster pin import " + file);
        }
        return Commands.done();
    }
}
