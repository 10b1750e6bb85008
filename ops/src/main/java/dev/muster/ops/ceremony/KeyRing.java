package dev.muster.ops.ceremony;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.key.Passphrase;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The keys of one directory. What a key is for, its file's name begins with: `root`, `release`, `recovery`,
/// `director`.
public final class KeyRing {
    private static final String SUFFIX = ".pem";

    private final Path directory;
    private final Passphrase passphrase;
    private final List<Entry> entries;

    private KeyRing(Path directory, Passphrase passphrase, List<Entry> entries) {
        this.directory = directory;
        this.passphrase = passphrase;
        this.entries = List.copyOf(entries);
    }

    /// One file.
    ///
    /// @param locked whether it needs a passphrase
    public record Entry(Path file, VerifyKey key, boolean locked) {
        /// Without its suffix.
        public String name() {
            String file = String.valueOf(this.file.getFileName());
            return file.substring(0, file.length() - SUFFIX.length());
        }
    }

    /// Reads the public halves; nothing is unlocked yet.
    public static KeyRing open(Path directory, Passphrase passphrase) throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                for (Path file : files) {
                    entries.add(new Entry(file, VerifyKey.load(file), SigningKey.isLocked(file)));
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::name));
        return new KeyRing(directory, passphrase, entries);
    }

    public List<Entry> entries() {
        return entries;
    }

    /// All keys for documents of this type.
    ///
    /// @throws BadConfiguration if there is none
    public List<SigningKey> of(Type type) throws IOException {
        List<String> roles = switch (type) {
            case ROOT -> List.of("root");
            case RELEASE, REVOCATIONS -> List.of("release");
            case PIN -> List.of("recovery", "director");
            case FRESHNESS -> List.of("director");
            case HOST_REPORT -> List.of();
        };
        List<SigningKey> keys = new ArrayList<>();
        for (Entry entry : entries) {
            if (roles.stream().anyMatch(role -> entry.name().startsWith(role))) {
                keys.add(SigningKey.load(entry.file, passphrase));
            }
        }
        if (keys.isEmpty()) {
            throw new BadConfiguration("keys " + directory + ": expected a key that signs a " + type + ", called one of "
                    + roles + " and anything, found none");
        }
        return keys;
    }

    /// Makes a key.
    ///
    /// @param secret locks it; empty: it is not locked
    /// @return its public halves, which stand in a file of their own beside it too
    public static VerifyKey make(Path directory, String name, char[] secret) throws IOException {
        Path file = directory.resolve(name + SUFFIX);
        if (Files.exists(file)) {
            throw new BadConfiguration(file + ": expected no key there, found one");
        }
        SigningKey key = SigningKey.generate(SigningKey.HYBRID);
        if (secret.length == 0) {
            key.save(file);
        } else {
            key.save(file, secret);
        }
        key.verifyKey().save(publicFile(directory, name));
        return key.verifyKey();
    }

    /// Where the public halves of a key stand.
    public static Path publicFile(Path directory, String name) {
        return directory.resolve(name + ".pub");
    }
}
