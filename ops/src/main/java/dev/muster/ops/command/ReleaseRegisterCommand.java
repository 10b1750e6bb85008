package dev.muster.ops.command;

import dev.muster.agent.control.ControlClient;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.publish.Publisher;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Output;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster release register`: a release that was signed becomes one of the fleet's.
@Command(
        name = "register",
        description = "Give the fleet a release that enough keys have signed, from the host where it was packed.",
        footer = {"", "Example:", "  muster release register debian-3.request --operator fleet/operator"})
final class ReleaseRegisterCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The release, with its signatures.")
    private List<Path> files = new ArrayList<>();

    ReleaseRegisterCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Envelope release = Paper.merge(files).envelope();
        Output output = invocation.output();
        try (Operator operator = invocation.operator();
                ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                Cpu cpu = Cpu.open()) {
            Packer packer = new Packer(cpu.codec(), cpu.pool(), cpu.threads(), Progress.NONE);
            new Publisher(operator, agent, packer, output::note).register(release);
            Release document = Release.unverified(release);
            output.result(
                    Json.object()
                            .put("image", document.name().toString())
                            .put("release", release.hash().toString()),
                    document.name() + " is a release: " + release.hash());
        }
        return Commands.done();
    }
}
