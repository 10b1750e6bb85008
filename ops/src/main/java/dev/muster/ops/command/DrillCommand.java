package dev.muster.ops.command;

import dev.muster.ops.drill.Drill;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster drill`: a disaster on this machine.
@Command(
        name = "drill",
        description = {
            "Rehearse a disaster on this machine: a coordinator and agents as processes on loopback addresses publish,",
            "roll out, are killed, resume and roll back real disk images; every target is compared bit for bit.",
            "Status 0 only if every host was right every time."
        },
        footer = {"", "Example:", "  muster drill --agents 8 --json"})
final class DrillCommand implements Callable<Integer> {
    private static final int AGENTS_MIN = 2;
    private static final int AGENTS_MAX = 64;
    private static final int WRONG = 12;

    private final Invocation invocation;

    @Option(names = "--agents", paramLabel = "N", defaultValue = "8", description = "So many hosts: ${DEFAULT-VALUE}.")
    private int agents = 8;

    @Option(names = "--image", paramLabel = "FILE", description = "Version 1; made if not given.")
    private @Nullable Path image;

    @Option(names = "--next", paramLabel = "FILE", description = "Version 2; needs --image.")
    private @Nullable Path next;

    @Option(names = "--keep", description = "Leave the drill's directory for a look.")
    private boolean keep;

    DrillCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (agents < AGENTS_MIN || agents > AGENTS_MAX) {
            throw new BadConfiguration("--agents: expected " + AGENTS_MIN + " to " + AGENTS_MAX + ", found " + agents);
        }
        if ((image == null) != (next == null)) {
            throw new BadConfiguration("expected both --image and --next, or neither, found one of them");
        }
        Drill.Options options = new Drill.Options(agents, Optional.ofNullable(image), Optional.ofNullable(next), keep);
        Drill drill = Drill.open(options, invocation.output()::note);
        Thread cleanUp = new Thread(() -> close(drill), "clean-up");
        Runtime.getRuntime().addShutdownHook(cleanUp);
        try (drill) {
            Drill.Outcome outcome = drill.run();
            invocation.output().result(Json.of(outcome.json()), outcome.text());
            return outcome.right() ? Commands.done() : WRONG;
        }
    }

    private static void close(Drill drill) {
        try {
            drill.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
