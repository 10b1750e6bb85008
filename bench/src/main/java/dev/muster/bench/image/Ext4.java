package dev.muster.bench.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An ext4 file system in a file. The same tree gives the same bytes.
public final class Ext4 {
    private static final String ID = "6d757374-6572-4000-8000-000000000001";

    private Ext4() {}

    /// Whether this machine can make one.
    public static boolean isPossible() {
        return HostProgram.exists("mke2fs");
    }

    /// Makes a file system of `bytes` bytes that holds a tree.
    public static Path make(Path tree, Path image, long bytes) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        HostProgram.run(
                image.resolveSibling(""),
                "mke2fs",
                "-q",
                "-F",
                "-t",
                "ext4",
                "-b",
                "4096",
                "-U",
                ID,
                "-E",
                "hash_seed=" + ID + ",lazy_itable_init=0",
                "-d",
                tree.toString(),
                image.toString());
        return image;
    }

    /// Writes files of a tree over those of the same name inside of an image, as an update does that runs there.
    public static void replaceInside(Path image, Path tree, List<Path> files) throws IOException, InterruptedException {
        List<String> commands = new ArrayList<>();
        for (Path file : files) {
            commands.add("rm " + tree.relativize(file));
            commands.add("write " + file + " " + tree.relativize(file));
        }
        Path script = Files.write(image.resolveSibling("debugfs.commands"), commands);
        HostProgram.run(image.resolveSibling(""), "debugfs", "-w", "-f", script.toString(), image.toString());
        Files.delete(script);
    }
}
