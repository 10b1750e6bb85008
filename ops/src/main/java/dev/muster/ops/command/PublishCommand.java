package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.publish.Copies;
import dev.muster.ops.publish.Published;
import dev.muster.ops.publish.Publisher;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Output;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Units;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster publish`: an image becomes a release.
@Command(
        name = "publish",
        description = "Pack an image, give what is new to the agent on this host, sign it, and register it.",
        footer = {
            "",
            "Example:",
            "  muster publish debian.qcow2 --as debian:2 --home /var/lib/muster --operator fleet/operator "
                    + "--keys fleet/keys",
            "  muster publish debian.qcow2 --as debian:3 --keys fleet/keys --copies 3 --copies-within 30m",
        })
final class PublishCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private ImageOptions image = new ImageOptions();

    @Option(
            names = "--copies",
            paramLabel = "N",
            description = "End when so many hosts have all of it, this one included; by default 2, or those that keep "
                    + "it (store.keep) if they are fewer.")
    private @Nullable Integer copies;

    @Option(
            names = "--copies-within",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "Fail (13) if they do not within this time; the release stays published. "
                    + "Default: ${DEFAULT-VALUE}")
    private Duration within = Duration.ofMinutes(10);

    PublishCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Output output = invocation.output();
        OptionalInt wanted = wanted();
        List<SigningKey> keys = invocation.keyRing().of(Type.RELEASE);
        try (Operator operator = invocation.operator();
                ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress();
                Cpu cpu = Cpu.open()) {
            Packer packer = new Packer(cpu.codec(), cpu.pool(), cpu.threads(), progress);
            Publisher publisher = new Publisher(operator, agent, packer, output::note);
            Published published = publisher.publish(image.publication(), keys);
            Copies.Reached reached = new Copies(operator, progress, output::note).await(published, wanted, within);
            progress.end();
            ObjectNode json = json(published).put("copies", reached.copies());
            String text = text(published) + "\nhosts with all of it: " + reached.copies();
            if (reached.failure().isPresent()) {
                return output.result(json, text, reached.failure().get());
            }
            output.result(json, text);
        }
        return Commands.done();
    }

    private OptionalInt wanted() throws BadConfiguration {
        if (copies == null) {
            return OptionalInt.empty();
        }
        if (copies < 1) {
            throw new BadConfiguration("--copies: expected at least 1 host, found " + copies);
        }
        return OptionalInt.of(copies);
    }

    private static ObjectNode json(Published published) {
        Packed disk = published.disk();
        ObjectNode json = Json.object()
                .put("manifest", disk.manifest().id().toString())
                .put("release", published.release().toString())
                .put("length", disk.length())
                .put("zeroBytes", disk.zeroBytes())
                .put("sharedBytes", disk.sharedBytes())
                .put("newBytes", disk.newBytes())
                .put("wireBytes", disk.wireBytes());
        json.putObject("chunks").put("new", disk.newChunks()).put("shared", disk.sharedChunks());
        ArrayNode parents = json.putArray("parents");
        disk.parents().forEach(id -> parents.add(id.toString()));
        return json;
    }

    /// What the image has several times, counted each time but the first.
    private static long repeated(Packed disk) {
        return Math.max(0, disk.length() - disk.zeroBytes() - disk.sharedBytes() - disk.newBytes());
    }

    private String text(Published published) {
        Packed disk = published.disk();
        return """
                published  %s, %s: %s zeros, %s shared with its parents, %s new, %s repeated within it
                release    %s
                manifest   %s
                a host without any of it receives %s""".formatted(
                        image.name(),
                        Units.humanBytes(disk.length()),
                        Units.humanBytes(disk.zeroBytes()),
                        Units.humanBytes(disk.sharedBytes()),
                        Units.humanBytes(disk.newBytes()),
                        Units.humanBytes(repeated(disk)),
                        published.release(),
                        disk.manifest().id(),
                        Units.humanBytes(disk.wireBytes()));
    }
}
