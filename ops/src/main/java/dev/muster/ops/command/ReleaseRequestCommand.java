package dev.muster.ops.command;

import dev.muster.agent.control.ControlClient;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.publish.Packing;
import dev.muster.ops.publish.Publisher;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Output;
import dev.muster.ops.shell.ShownProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster release request`: an image is packed, and its release awaits signatures.
@Command(
        name = "request",
        description = {
            "Pack an image and write its release, unsigned, into a file for those who have the release keys.",
            "The agent on this host holds what was packed for a day."
        },
        footer = {"", "Example:", "  muster release request debian.qcow2 --as debian:3 --out debian-3.request"})
final class ReleaseRequestCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private ImageOptions image = new ImageOptions();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write the release.")
    private Path out = Path.of("");

    ReleaseRequestCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Output output = invocation.output();
        try (Operator operator = invocation.operator();
                ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress();
                Cpu cpu = Cpu.open()) {
            Packer packer = new Packer(cpu.codec(), cpu.pool(), cpu.threads(), progress);
            Packing packing = new Publisher(operator, agent, packer, output::note).pack(image.publication());
            progress.end();
            Paper paper = new Paper(packing.release().sign(List.of()));
            paper.write(out);
            paper.describe().forEach(output::note);
            output.result(
                    Json.object()
                            .put("release", paper.envelope().hash().toString())
                            .put("file", out.toString()),
                    packing.release().name() + " awaits the release keys: muster release sign " + out
                            + " --keys DIR, then muster release register " + out);
        }
        return Commands.done();
    }
}
