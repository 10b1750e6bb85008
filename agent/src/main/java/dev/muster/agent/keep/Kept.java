package dev.muster.agent.keep;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The claims of this host, each in a file of its own: one that was put is there after any crash. Safe for threads.
final class Kept {
    private static final Logger LOG = System.getLogger(Kept.class.getName());

    private final Path directory;
    private final Map<Hash, Claim> claims = new LinkedHashMap<>();

    private Kept(Path directory) {
        this.directory = directory;
    }

    /// A file that is no claim is passed over and said so.
    static Kept open(Path directory) throws IOException {
        DurableFile.createDirectory(directory, false);
        Kept kept = new Kept(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                kept.read(file);
            }
        }
        return kept;
    }

    private void read(Path file) throws IOException {
        if (DurableFile.isPartial(file)) {
            DurableFile.delete(file);
            return;
        }
        try {
            Hash key = Hash.parse(String.valueOf(file.getFileName()));
            claims.put(key, Claim.decode(key, DurableFile.read(file, Claim.BYTES_MAX)));
        } catch (Corrupt | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "claim unreadable, so no longer held: file={0} cause={1}", file, e.getMessage());
        }
    }

    synchronized void put(Claim claim) throws IOException {
        DurableFile.write(file(claim.key()), claim.encode());
        claims.put(claim.key(), claim);
    }

    /// Lets go of all these.
    ///
    /// @return what they were
    synchronized List<Claim> removeIf(Predicate<Claim> which) throws IOException {
        List<Claim> removed = claims.values().stream().filter(which).toList();
        for (Claim claim : removed) {
            DurableFile.delete(file(claim.key()));
            claims.remove(claim.key());
        }
        return removed;
    }

    synchronized Optional<Claim> claim(Hash key) {
        return Optional.ofNullable(claims.get(key));
    }

    synchronized List<Claim> claims() {
        return List.copyOf(claims.values());
    }

    /// Of all claims together.
    synchronized Set<ManifestId> manifests() {
        Set<ManifestId> manifests = new HashSet<>();
        claims.values().forEach(claim -> manifests.addAll(claim.manifests()));
        return manifests;
    }

    private Path file(Hash key) {
        return directory.resolve(key.hex());
    }
}
