package dev.muster.ops.command;

import dev.muster.ops.shell.Json;
import dev.muster.protocol.trust.key.Passphrase;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster keys lock`: a key that `muster init` made gets a passphrase.
@Command(
        name = "lock",
        description = "Put a key file under a passphrase (PKCS #8; openssl pkey reads it).",
        footer = {"", "Example:", "  muster keys lock fleet/keys/root.pem"})
final class KeysLockCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "A key that is not locked yet.")
    private Path file = Path.of("");

    KeysLockCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        SigningKey key = SigningKey.load(file, Passphrase.none());
        key.save(file, invocation.passphrase().of(file));
        invocation
                .output()
                .result(Json.object().put("key", key.id().toString()).put("locked", true), key.id() + " is locked");
        return Commands.done();
    }
}
