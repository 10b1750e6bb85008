package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster store gc`: room for what is needed.
@Command(
        name = "gc",
        description = {
            "Free what no image on this host names. Images that nothing keeps, no pin, no rollback and no "
                    + "store.keep, stay "
                    + "as seeds until their room is needed; --all or --bytes frees them too.",
            "It also happens by itself when the store is full, and nobody waits for it."
        },
        footer = {"", "Example:", "  muster store gc --dry-run", "  muster store gc --bytes 10GiB"})
final class StoreGcCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--dry-run", description = "Say what would go, and change nothing.")
    private boolean dryRun;

    @Option(names = "--all", description = "Free everything that nothing keeps.")
    private boolean all;

    @Option(names = "--bytes", paramLabel = "SIZE", description = "Free at least so much, if it can be had: 10GiB.")
    private @Nullable ByteCount bytes;

    @Option(
            names = "--force",
            description = "Also images whose copy here is to outlive others, as their release is not retired.")
    private boolean force;

    StoreGcCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        long wanted = all ? Long.MAX_VALUE : bytes == null ? 0 : bytes.bytes();
        ObjectNode request = ControlClient.request("collect")
                .put("bytes", wanted)
                .put("dryRun", dryRun)
                .put("force", force);
        try (ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress()) {
            JsonNode result = agent.ask(request, progress);
            progress.end();
            invocation.output().result(result, (dryRun ? plan(result) : done(result)) + last(result));
        }
        return Commands.done();
    }

    private static String plan(JsonNode plan) {
        Table table = new Table("image", "becomes", "size", "alone");
        for (JsonNode image : plan.path("images")) {
            table.row(
                    image.path("manifest").asText().substring(0, "sha256:".length() + 12),
                    image.path("fate").asText(),
                    Units.humanBytes(image.path("bytes").asLong()),
                    Units.humanBytes(image.path("exclusiveBytes").asLong()));
        }
        return table + "\n" + Units.humanBytes(plan.path("bytes").asLong()) + " would go; all that nothing keeps: "
                + Units.humanBytes(plan.path("reclaimableBytes").asLong());
    }

    /// What stays because it would be gone for good.
    private static String last(JsonNode result) {
        List<String> names = new ArrayList<>();
        result.path("last").forEach(image -> names.add(image.asText()));
        return names.isEmpty()
                ? ""
                : "\nthe copies of " + String.join(", ", names) + " here are to outlive those of other hosts, and stay "
                        + "without --force; to let one go everywhere: muster image retire " + names.getFirst();
    }

    private static String done(JsonNode result) {
        return "freed " + Units.humanBytes(result.path("bytes").asLong()) + ": "
                + result.path("chunks").asLong() + " chunks, "
                + result.path("images").size() + " images";
    }
}
