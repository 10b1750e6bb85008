package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.publish.Publication;
import dev.muster.ops.publish.Published;
import dev.muster.ops.publish.Publisher;
import dev.muster.ops.publish.ReleaseKeys;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Output;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.config.Units;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster publish`: an image becomes a release.
@Command(
        name = "publish",
        description = "Pack an image, give what is new to the agent on this host, sign it, and register it.",
        footer = {
            "",
            "Example:",
            "  muster publish debian.qcow2 --as debian:2 --home /var/lib/muster --operator fleet/operator "
                    + "--keys fleet/keys"
        })
final class PublishCommand implements Callable<Integer> {
    private static final Release.Name NONE = new Release.Name("none", "0");

    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "A raw or qcow2 image, or a block device.")
    private Path file = Path.of("");

    @Option(names = "--as", paramLabel = "NAME:VERSION", required = true, description = "What it is called.")
    private Release.Name name = NONE;

    @Option(
            names = "--parent",
            paramLabel = "REF",
            description = "What it was made from; else the newest version of its name.")
    private @Nullable String parent;

    @Option(names = "--kernel", paramLabel = "FILE", description = "The kernel to boot it with.")
    private @Nullable Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "The initrd to boot it with.")
    private @Nullable Path initrd;

    @Option(names = "--cmdline", paramLabel = "TEXT", defaultValue = "", description = "The kernel's command line.")
    private String commandLine = "";

    PublishCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Output output = invocation.output();
        List<SigningKey> keys = ReleaseKeys.load(invocation.keys());
        try (Operator operator = invocation.operator();
                ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress();
                Cpu cpu = Cpu.open()) {
            Packer packer = new Packer(cpu.codec(), cpu.pool(), cpu.threads(), progress);
            Publisher publisher = new Publisher(operator, agent, packer, progress, output::note);
            Published published = publisher.publish(publication(), keys);
            progress.end();
            output.result(json(published), text(published));
        }
        return Commands.done();
    }

    private Publication publication() {
        SortedMap<String, Path> files = new TreeMap<>();
        if (kernel != null) {
            files.put(Artifact.KERNEL, kernel);
        }
        if (initrd != null) {
            files.put(Artifact.INITRD, initrd);
        }
        return new Publication(name, file, files, commandLine, Optional.ofNullable(parent));
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
        // This host's own.
        return json.put("copies", 1);
    }

    private String text(Published published) {
        Packed disk = published.disk();
        return """
                published  %s, %s: %s zeros, %s shared with its parents, %s new
                release    %s
                manifest   %s
                a host without any of it receives %s""".formatted(
                        name,
                        Units.humanBytes(disk.length()),
                        Units.humanBytes(disk.zeroBytes()),
                        Units.humanBytes(disk.sharedBytes()),
                        Units.humanBytes(disk.newBytes()),
                        published.release(),
                        disk.manifest().id(),
                        Units.humanBytes(disk.wireBytes()));
    }
}
