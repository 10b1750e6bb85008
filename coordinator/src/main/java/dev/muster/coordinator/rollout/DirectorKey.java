package dev.muster.coordinator.rollout;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The key that a coordinator signs with, in its home: `director.pem`; and while it is being rotated
/// `director-next.pem`, which takes its place as soon as a root names the one and no longer the other.
final class DirectorKey {
    private static final Logger LOG = System.getLogger(DirectorKey.class.getName());

    private final Path file;
    private final Path nextFile;
    private SigningKey key;

    private DirectorKey(Path home, SigningKey key) {
        this.file = home.resolve("director.pem");
        this.nextFile = home.resolve("director-next.pem");
        this.key = key;
    }

    /// @throws BadConfiguration if no key of the home is a director's
    static DirectorKey open(Path home, Root root) throws IOException {
        DirectorKey held = new DirectorKey(home, SigningKey.load(home.resolve("director.pem")));
        held.adopt(root);
        if (!isDirector(held.key, root)) {
            throw new BadConfiguration("coordinator: expected the key of a director of fleet " + root.fleet()
                    + ", found " + held.key.id() + "; see: muster keys rotate director");
        }
        return held;
    }

    SigningKey key() {
        return key;
    }

    void adopt(Root root) throws IOException {
        if (isDirector(key, root) || !Files.exists(nextFile)) {
            return;
        }
        SigningKey next = SigningKey.load(nextFile);
        if (isDirector(next, root)) {
            Files.move(nextFile, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            LOG.log(Level.INFO, "director key rotated: from={0} to={1}", key.id(), next.id());
            key = next;
        }
    }

    private static boolean isDirector(SigningKey key, Root root) {
        return root.signers(KeyRole.DIRECTOR).keys().containsKey(key.id());
    }
}
