package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.AssembleReport;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.assemble.Check;
import dev.muster.chunkstore.assemble.Plan;
import dev.muster.chunkstore.assemble.Target;
import dev.muster.chunkstore.assemble.TargetClaim;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster restore`: an image is written to a file or block device.
@Command(
        name = "restore",
        description = "Write an image to a file or a block device, in this process, with this user's rights.",
        footer = {
            "",
            "Example:",
            "  muster restore debian:2 /dev/vdb --verify --home /var/lib/muster",
            "  muster restore sha256:0123456789ab disk.raw",
            "  muster restore debian:3 disk.raw --in-place",
            "  muster restore debian:3 /dev/vdb --direct"
        })
final class RestoreCommand implements Callable<Integer> {
    private static final int CHUNKS_AT_ONCE = 8;

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "REF", description = "The image.")
    private String ref = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "A new file, a file to replace, or a block device.")
    private Path target = Path.of("");

    @Option(names = "--verify", description = "Read everything back and compare, before the file that is there goes.")
    private boolean verify;

    @Option(
            names = "--in-place",
            description = "Of a file that is there, write only what is wrong, over the old; stopped half-way it is "
                    + "neither old nor new, and restoring again completes it.")
    private boolean inPlace;

    @Option(
            names = "--direct",
            description = "Have the agent write what arrives to the target at once and serve it from there, "
                    + "so that this "
                    + "host holds the image once. Done again with another image it takes the place of the one that is "
                    + "there, and the way back needs no network. See also: muster store volumes.")
    private boolean direct;

    @Option(
            names = "--give-up-previous",
            description = "With --direct: keep nothing of the image that is there, where there is no room for it.")
    private boolean giveUp;

    RestoreCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress();
                Cpu cpu = Cpu.open()) {
            requireForeign();
            if (direct) {
                direct(agent, cpu, progress);
                return Commands.done();
            }
            requireNoVolume(agent);
            LocalImage image = LocalImage.pull(agent, ref, progress);
            AssembleReport report = write(image, cpu, progress);
            progress.end();
            print(image, report);
        }
        return Commands.done();
    }

    /// What lies in the agent's home is the agent's.
    private void requireForeign() throws IOException {
        if (target.toString().equals("-")) {
            throw new BadConfiguration("target -: expected a file or a block device; an image has no end to stream to");
        }
        Path home = invocation.home().toRealPath();
        if (TargetClaim.real(target).startsWith(home)) {
            throw new TargetRefused(
                    "target " + target + ": expected one outside of the agent's home, found it in " + home);
        }
    }

    /// To write past the agent to what it serves from would take chunks from it.
    private void requireNoVolume(ControlClient agent) throws IOException {
        String real = TargetClaim.real(target).toString();
        for (JsonNode volume : agent.ask(ControlClient.request("volumes")).path("volumes")) {
            if (volume.path("target").asText().equals(real)) {
                throw new TargetRefused(
                        "target " + target + ": expected one that no agent serves from, found a volume; "
                                + "use restore --direct, or first: muster store volumes --release " + target);
            }
        }
    }

    private void direct(ControlClient agent, Cpu cpu, ShownProgress progress) throws IOException {
        JsonNode image = agent.ask(
                ControlClient.request("direct")
                        .put("ref", ref)
                        .put("target", target.toAbsolutePath().toString())
                        .put("giveUp", giveUp),
                progress);
        if (verify) {
            VerifyCommand.check(LocalImage.pull(agent, ref, progress), target, cpu, progress);
        }
        progress.end();
        ObjectNode json = Json.object()
                .put("name", image.path("name").asText())
                .put("manifest", image.path("manifest").asText())
                .put("target", target.toString())
                .put("length", image.path("length").asLong())
                .put("direct", true)
                .put("verified", verify);
        invocation
                .output()
                .result(
                        json,
                        image.path("name").asText() + " is on " + target + ", and served from there"
                                + (verify ? "; all of it read back and right" : ""));
    }

    private AssembleReport write(LocalImage image, Cpu cpu, Progress progress) throws IOException {
        Assembler assembler = new Assembler(cpu.codec(), cpu.pool(), CHUNKS_AT_ONCE);
        Target.Mode mode = inPlace ? Target.Mode.IN_PLACE : Target.Mode.REPLACE;
        try (Target opened = Target.open(target, image.manifest().shape().length(), mode)) {
            Plan plan = assembler.plan(image.manifest(), image.store(), opened, progress);
            return assembler.run(plan, image.store(), opened, verify ? Check.FULL : Check.CLONED, progress);
        }
    }

    private void print(LocalImage image, AssembleReport report) {
        ObjectNode json = Json.object()
                .put("name", image.name())
                .put("manifest", image.manifest().id().toString())
                .put("target", target.toString())
                .put("length", image.manifest().shape().length())
                .put("writtenBytes", report.writtenBytes())
                .put("zeroBytes", report.zeroBytes())
                .put("keptBytes", report.keptBytes())
                .put("clonedBytes", report.clonedBytes())
                .put("verified", verify);
        String text = image.name() + " is on " + target + ": " + Units.humanBytes(report.writtenBytes()) + " written, "
                + Units.humanBytes(report.zeroBytes()) + " zeros, " + Units.humanBytes(report.keptBytes())
                + " were right already"
                + (report.clonedBytes() > 0
                        ? ", " + Units.humanBytes(report.clonedBytes()) + " shared with " + "the store"
                        : "")
                + (verify ? "; all of it read back and right" : "");
        invocation.output().result(json, text);
    }
}
