package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Verdict;
import dev.muster.chunkstore.assemble.Verifier;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster verify`: a file or block device is compared with an image.
@Command(
        name = "verify",
        description = "Compare a file or block device with an image, and name the first block that differs.",
        footer = {"", "Example:", "  muster verify debian:2 /dev/vdb --home /var/lib/muster"})
final class VerifyCommand implements Callable<Integer> {
    private static final int WINDOWS_AT_ONCE = 8;

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "REF", description = "The image.")
    private String ref = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "The file or block device.")
    private Path target = Path.of("");

    VerifyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress();
                Cpu cpu = Cpu.open()) {
            LocalImage image = LocalImage.pull(agent, ref, progress);
            long bytes = check(image, target, cpu, progress);
            progress.end();
            ObjectNode json = Json.object()
                    .put("name", image.name())
                    .put("manifest", image.manifest().id().toString())
                    .put("target", target.toString())
                    .put("verifiedBytes", bytes);
            String text = target + " is " + image.name() + ", all " + Units.humanBytes(bytes) + " of it";
            invocation.output().result(json, text);
        }
        return Commands.done();
    }

    /// How many bytes are right: all of them.
    ///
    /// @throws Corrupt naming the first block that is not
    static long check(LocalImage image, Path target, Cpu cpu, Progress progress) throws IOException {
        Verifier verifier = new Verifier(cpu.pool(), WINDOWS_AT_ONCE);
        return switch (verifier.verify(image.manifest(), image.store(), target, progress)) {
            case Verdict.Same(long bytes) -> bytes;
            case Verdict.Differs(long block, long offset, var expected, var found) ->
                throw new Corrupt(
                        "target " + target + ": expected " + image.name() + ", found the first other block at " + offset
                                + " (block " + block + "): expected " + expected + ", found " + found);
            case Verdict.WrongLength(long expected, long found) ->
                throw new Corrupt("target " + target + ": expected " + image.name() + " in " + expected
                        + " bytes, found " + found + " bytes");
        };
    }
}
