package dev.muster.ops.command;

import dev.muster.ops.shell.ExitCode;
import dev.muster.ops.shell.Output;
import dev.muster.ops.shell.Shell;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Units;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.wire.Address;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The whole command line: every command in its place, how options are read, and what becomes of failures.
public final class Commands {
    private Commands() {}

    public static CommandLine of(Shell shell) {
        Invocation invocation = new Invocation(shell);
        CommandLine agent =
                new CommandLine(new AgentCommand(invocation)).addSubcommand(new AgentConfigCommand(invocation));
        CommandLine coordinator = new CommandLine(new CoordinatorCommand(invocation))
                .addSubcommand(new CoordinatorMakeCommand(invocation));
        CommandLine image = new CommandLine(new ImageCommand())
                .addSubcommand(new ImageShowCommand(invocation))
                .addSubcommand(new ImageRetireCommand(invocation));
        CommandLine rollout = new CommandLine(new RolloutCommand())
                .addSubcommand(new RolloutStartCommand(invocation))
                .addSubcommand(new RolloutListCommand(invocation))
                .addSubcommand(new RolloutShowCommand(invocation))
                .addSubcommand(new RolloutWatchCommand(invocation));
        CommandLine group = new CommandLine(new GroupCommand())
                .addSubcommand(new GroupListCommand(invocation))
                .addSubcommand(new GroupSetCommand(invocation));
        CommandLine host = new CommandLine(new HostCommand())
                .addSubcommand(new HostShowCommand(invocation))
                .addSubcommand(new HostSetCommand(invocation))
                .addSubcommand(new HostRevokeCommand(invocation));
        CommandLine line = new CommandLine(new MusterCommand()).addMixin("invocation", invocation);
        line.getCommandSpec().addOption(help()).addOption(version());
        line.addSubcommand(new InitCommand(invocation))
                .addSubcommand(coordinator)
                .addSubcommand(new TokenCommand(invocation))
                .addSubcommand(agent)
                .addSubcommand(new PublishCommand(invocation))
                .addSubcommand(new ImagesCommand(invocation))
                .addSubcommand(image)
                .addSubcommand(new PullCommand(invocation))
                .addSubcommand(new RestoreCommand(invocation))
                .addSubcommand(new VerifyCommand(invocation))
                .addSubcommand(new PlanCommand(invocation))
                .addSubcommand(rollout)
                .addSubcommand(group)
                .addSubcommand(new StatusCommand(invocation))
                .addSubcommand(store(invocation))
                .addSubcommand(host)
                .addSubcommand(new DrillCommand(invocation));
        TrustCommands.of(invocation).forEach(line::addSubcommand);
        return line.setExpandAtFiles(false)
                .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .registerConverter(Path.class, Commands::path)
                .registerConverter(Duration.class, converter(Units::duration))
                .registerConverter(ByteCount.class, converter(ByteCount::parse))
                .registerConverter(ByteRate.class, converter(ByteRate::parse))
                .registerConverter(Hash.class, converter(Hash::parse))
                .registerConverter(Address.class, converter(Address::parse))
                .registerConverter(Release.Name.class, converter(Release.Name::parse))
                .setExecutionExceptionHandler(
                        (failure, _, _) -> invocation.output().failure(failure))
                .setParameterExceptionHandler((failure, args) -> refuse(shell, failure, List.of(args)));
    }

    private static CommandLine store(Invocation invocation) {
        return new CommandLine(new StoreCommand())
                .addSubcommand(new StoreStatCommand(invocation))
                .addSubcommand(new StoreGcCommand(invocation))
                .addSubcommand(new StoreScrubCommand(invocation))
                .addSubcommand(new StoreVolumesCommand(invocation))
                .addSubcommand(new StoreFsckCommand(invocation));
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("Print this and end.")
                .build();
    }

    private static OptionSpec version() {
        return OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version and end.")
                .build();
    }

    /// The options were not understood, so whether JSON was wanted must be looked up.
    private static int refuse(Shell shell, ParameterException failure, List<String> args) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        String message = failure.getMessage() + meant(failure) + "; see: " + command + " --help";
        return new Output(shell, args.contains("--json")).failure(new BadConfiguration(message));
    }

    private static String meant(ParameterException failure) {
        List<String> near =
                failure instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return near.isEmpty() ? "" : "; did you mean " + near.getFirst() + "?";
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("expected a path, found nothing");
        }
        return Path.of(text);
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    /// A command that is nothing without one below it.
    static ParameterException incomplete(CommandLine line) {
        String names = String.join(", ", line.getSubcommands().keySet());
        return new ParameterException(line, "Expected one of " + names + ", found none");
    }

    /// Returns when this thread is interrupted, which is how a command that runs until it is told to stop is told.
    static void awaitStop() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            return; // The caller closes what it has open.
        }
    }

    static int done() {
        return ExitCode.DONE.code();
    }
}
