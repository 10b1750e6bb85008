package dev.muster.ops.command;

import dev.muster.ops.ceremony.KeyRing;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.key.VerifyKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster keys make`: a new key.
@Command(
        name = "make",
        description = {
            "Make a key in --keys DIR: NAME.pem, and its public half NAME.pub, which is all that ever leaves.",
            "What it is for its name begins with: root, release, recovery, director."
        },
        footer = {"", "Example:", "  muster keys make release-anna --keys /media/anna --passphrase-file -"})
final class KeysMakeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "NAME", description = "What its files are called.")
    private String name = "";

    @Option(names = "--unlocked", description = "Without a passphrase: whoever has the file has the key.")
    private boolean unlocked;

    KeysMakeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (!Names.isName(name)) {
            throw new BadConfiguration("key: expected a name of a-z 0-9 . _ -, found " + Names.printable(name, 80));
        }
        Path directory = invocation.keys();
        DurableFile.createDirectory(directory, true);
        char[] secret = unlocked ? new char[0] : invocation.passphrase().of(directory.resolve(name + ".pem"));
        VerifyKey made = KeyRing.make(directory, name, secret);
        Path published = KeyRing.publicFile(directory, name);
        invocation
                .output()
                .result(
                        Json.object().put("key", made.id().toString()).put("public", published.toString()),
                        made.id() + "\npublic half: " + published);
        return Commands.done();
    }
}
