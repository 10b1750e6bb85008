package dev.muster.bench.image;

import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Copies of files of this machine, and what becomes of them in an update.
///
/// @param files in the order in which they were copied
public record FileTree(Path directory, List<Path> files) {
    private static final List<Path> SOURCES = List.of(Path.of("/usr/bin"), Path.of("/usr/lib"), Path.of("/usr/share"));
    private static final long FILE_BYTES_MAX = 16L << 20;
    private static final int FOLDER_FILES = 200;

    public FileTree {
        files = List.copyOf(files);
    }

    /// Copies readable files in a stable order until there are `bytes` bytes, or no more files.
    public static FileTree copy(Path directory, long bytes) throws IOException {
        List<Path> copies = new ArrayList<>();
        long left = bytes;
        for (Path source : SOURCES) {
            if (!Files.isDirectory(source)) {
                continue;
            }
            try (Stream<Path> all = Files.walk(source)) {
                for (Path file : (Iterable<Path>) all.sorted()::iterator) {
                    if (left > 0 && isCandidate(file)) {
                        Path folder = Files.createDirectories(directory.resolve("d" + copies.size() / FOLDER_FILES));
                        copies.add(Files.copy(file, folder.resolve("f" + copies.size())));
                        left -= Files.size(file);
                    }
                }
            }
        }
        return new FileTree(directory, copies);
    }

    private static boolean isCandidate(Path file) throws IOException {
        return Files.isRegularFile(file)
                && !Files.isSymbolicLink(file)
                && Files.isReadable(file)
                && Files.size(file) > 0
                && Files.size(file) <= FILE_BYTES_MAX;
    }

    public long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /// Some files become others of about their length.
    ///
    /// @param percent of all bytes, about
    /// @return which
    public List<Path> replaceSome(int percent, RandomGenerator random) throws IOException {
        List<Path> replaced = new ArrayList<>();
        Set<Path> once = new HashSet<>();
        long left = bytes() * percent / 100;
        while (left > 0) {
            Path file = files.get(random.nextInt(files.size()));
            long size = Files.size(file);
            if (size <= left + Block.BYTES && once.add(file)) {
                int length = (int) (size * (95 + random.nextInt(11)) / 100) + 1;
                Files.write(file, SomeBytes.mixed(random, length));
                replaced.add(file);
                left -= size;
            }
            left -= Block.BYTES; // So that it ends, also where only large files are left.
        }
        return replaced;
    }

    public void delete() throws IOException {
        delete(directory);
    }

    /// Deletes a directory, if it is there, and all in it.
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }
}
