package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.shell.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster store volumes`: the targets that this host serves from.
@Command(
        name = "volumes",
        description = {
            "List the files and devices that `restore --direct` made places of chunks.",
            "Whoever writes to one, such as a virtual machine that runs from it, changes what is there: such blocks "
                    + "are noticed when they are read, never served, and fetched again when the next image comes."
        },
        footer = {"", "Example:", "  muster store volumes", "  muster store volumes --release /dev/vdb"})
final class StoreVolumesCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(
            names = "--release",
            paramLabel = "TARGET",
            description =
                    "Serve from it no longer; nothing is written to it, and what only it has is not here any more.")
    private @Nullable Path release;

    StoreVolumesCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            if (release != null) {
                String target = release.toAbsolutePath().toString();
                JsonNode _ = agent.ask(ControlClient.request("release").put("target", target));
            }
            JsonNode answer = agent.ask(ControlClient.request("volumes"));
            Table table = new Table("target", "state", "images");
            for (JsonNode volume : answer.path("volumes")) {
                List<String> images = new ArrayList<>();
                volume.path("images").forEach(id -> images.add(id.asText().substring(0, "sha256:".length() + 12)));
                table.row(volume.path("target").asText(), volume.path("state").asText(), String.join(" ", images));
            }
            invocation.output().result(answer, table.toString());
        }
        return Commands.done();
    }
}
