package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.BadConfiguration;
import java.io.IOException;
import java.nio.file.Path;

/// What opens a key file that is locked. It comes from a file or from somebody who types it, and never from the command
/// line or the environment, where others on the machine could read it.
@FunctionalInterface
public interface Passphrase {

    /// Asks for that of a key file.
    ///
    /// @throws BadConfiguration if there is nobody to ask
    char[] of(Path keyFile) throws IOException;

    /// There is none: locked files cannot be read.
    static Passphrase none() {
        return keyFile -> {
            throw new BadConfiguration(
                    keyFile + ": expected a key that is not locked, or its passphrase, found a locked one");
        };
    }
}
