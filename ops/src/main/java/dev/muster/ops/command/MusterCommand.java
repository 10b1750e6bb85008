package dev.muster.ops.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster` itself, which is nothing without a command.
@Command(
        name = "muster",
        description = "Puts boot images and disk images onto many hosts at once, and takes them back.",
        versionProvider = MusterCommand.Version.class,
        footer = {
            "",
            "REF is name:version, name (its newest version), or sha256: and 12 or more digits.",
            "Exit codes: 0 done, 1 a bug, 2 command line or configuration, 10 no such image, 11 refused signature or "
                    + "document, 12 corrupt bytes, 13 no source or coordinator, 14 target refused, 15 store refused, "
                    + "130 interrupted.",
            "",
            "Example:",
            "  muster init fleet"
        })
final class MusterCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }

    /// The version that the build wrote down.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream in = Version.class.getResourceAsStream("version")) {
                if (in == null) {
                    throw new IllegalStateException("the build did not write down its version");
                }
                return new String[] {"muster " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
            }
        }
    }
}
