package dev.muster.ops.command;

import java.util.List;
import picocli.CommandLine;

/// The commands about who may say what: keys, signatures, pins, members, and what was ordered.
final class TrustCommands {
    private TrustCommands() {}

    static List<CommandLine> of(Invocation invocation) {
        return List.of(
                new CommandLine(new PinCommand(invocation)).addSubcommand(new PinImportCommand(invocation)),
                new CommandLine(new UnpinCommand(invocation)),
                release(invocation),
                keys(invocation),
                new CommandLine(new OperatorCommand()).addSubcommand(new OperatorAddCommand(invocation)),
                new CommandLine(new AuditCommand())
                        .addSubcommand(new AuditShowCommand(invocation))
                        .addSubcommand(new AuditVerifyCommand(invocation)));
    }

    private static CommandLine keys(Invocation invocation) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new KeysListCommand(invocation))
                .addSubcommand(new KeysMakeCommand(invocation))
                .addSubcommand(new KeysLockCommand(invocation))
                .addSubcommand(new KeysRotateCommand(invocation))
                .addSubcommand(new KeysSignCommand(invocation))
                .addSubcommand(new KeysSubmitCommand(invocation));
    }

    private static CommandLine release(Invocation invocation) {
        return new CommandLine(new ReleaseCommand())
                .addSubcommand(new ReleaseRequestCommand(invocation))
                .addSubcommand(new KeysSignCommand(invocation))
                .addSubcommand(new ReleaseRegisterCommand(invocation))
                .addSubcommand(new ReleaseRevokeCommand(invocation));
    }
}
