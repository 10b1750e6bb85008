package dev.muster.agent.activate;

import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Artifact;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The written images of one name on this host, and which of them runs. See this package's documentation.
final class Slots {
    private static final String DISK = ".raw";

    private final Path directory;

    /// @param directory `HOME/images/NAME`
    Slots(Path directory) {
        this.directory = directory;
    }

    /// Makes the directory.
    void open() throws IOException {
        DurableFile.createDirectory(directory, false);
    }

    /// Where an artifact of that role is written, whole.
    Path target(String role, ManifestId manifest) {
        return directory.resolve(manifest.hash().hex() + suffix(role));
    }

    /// The one file that holds whatever image this name has, where there is no room for two: a volume.
    Path volume() {
        return directory.resolve("volume" + DISK);
    }

    /// The volume goes by the name of an image, and by no other.
    void nameVolume(ManifestId manifest) throws IOException {
        unnameVolume();
        Files.createLink(target(Artifact.DISK, manifest), volume());
        force();
    }

    /// What the volume holds is no image at the moment, so nothing may take it for one.
    void unnameVolume() throws IOException {
        Object volume = Files.getAttribute(volume(), "unix:ino");
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!file.equals(volume())
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getAttribute(file, "unix:ino").equals(volume)) {
                    Files.delete(file);
                }
            }
        }
        force();
    }

    /// How much can be written here.
    long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /// The link to the artifact of that role that runs.
    Path link(String role) {
        return directory.resolve(role.equals("disk") ? "current" : "current." + role);
    }

    /// What the link of a role names, if its file is there.
    Optional<ManifestId> current(String role) throws IOException {
        Path link = link(role);
        if (!Files.isSymbolicLink(link) || !Files.exists(link)) {
            return Optional.empty();
        }
        String name = Files.readSymbolicLink(link).toString();
        String hex = name.endsWith(suffix(role))
                ? name.substring(0, name.length() - suffix(role).length())
                : "";
        return hex.length() == 64 ? Optional.of(ManifestId.parse(hex)) : Optional.empty();
    }

    /// Points the link of a role at a written artifact, atomically and durably.
    void point(String role, ManifestId manifest) throws IOException {
        Path temporary = directory.resolve(".current.new");
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, target(role, manifest).getFileName());
        Files.move(temporary, link(role), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force();
    }

    private void force() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Deletes every written artifact but those of `keep`.
    void prune(Set<ManifestId> keep) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                boolean artifact = name.length() > 65 && name.charAt(64) == '.' && Files.isRegularFile(file);
                if (artifact
                        && keep.stream()
                                .noneMatch(id -> name.startsWith(id.hash().hex()))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String suffix(String role) {
        return role.equals("disk") ? DISK : "." + role;
    }
}
