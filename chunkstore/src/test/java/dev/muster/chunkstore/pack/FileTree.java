package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Tool;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A tree of files like those of an operating system, mostly small, of which ext4 images are made.
final class FileTree {
    private static final int FILES_PER_DIRECTORY = 50;

    private final Path root;
    private final RandomGenerator random;
    private final int files;

    private FileTree(Path root, RandomGenerator random, int files) {
        this.root = root;
        this.random = random;
        this.files = files;
    }

    /// Writes all files, of about 18 KiB each.
    static FileTree make(Path root, RandomGenerator random, int files) throws IOException {
        FileTree tree = new FileTree(root, random, files);
        for (int file = 0; file < files; file++) {
            Files.createDirectories(tree.path(file).getParent());
            tree.write(file);
        }
        return tree;
    }

    /// Replaces that many files, which lie scattered over the tree, by others of other sizes.
    ///
    /// @return their names below the root
    List<String> replace(int count) throws IOException {
        List<String> replaced = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int file = (int) ((long) i * files / count);
            write(file);
            replaced.add(name(file));
        }
        return replaced;
    }

    /// A file system of the whole tree, made anew.
    Path image(Path image, long bytes) {
        Tool.assume("mke2fs").run("-q", "-t", "ext4", "-b", Block.BYTES, "-d", root, image, bytes / 1024);
        return image;
    }

    /// Replaces files in a file system of the tree as it was before, as its own kernel would.
    void replaceIn(Path image, List<String> names) throws IOException {
        List<String> commands = new ArrayList<>();
        for (String name : names) {
            commands.add("rm " + name);
            commands.add("write " + root.resolve(name) + " " + name);
        }
        Path script = Files.write(root.resolveSibling("debugfs.commands"), commands);
        Tool.assume("debugfs").run("-w", "-f", script, image);
    }

    private void write(int file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 + (int) (4000 * Math.exp(2.5 * random.nextDouble())));
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), Block.BYTES));
            ImageFixture.fill(part, random);
            bytes.position(bytes.position() + part.limit());
        }
        Files.write(path(file), bytes.array());
        Files.setLastModifiedTime(path(file), FileTime.fromMillis(1_700_000_000_000L));
    }

    private Path path(int file) {
        return root.resolve(name(file));
    }

    private static String name(int file) {
        return "dir" + file / FILES_PER_DIRECTORY + "/file" + file;
    }
}
