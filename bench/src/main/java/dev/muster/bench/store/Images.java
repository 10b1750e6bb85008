package dev.muster.bench.store;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// Makes a disk image of files of this machine, and what an update makes of it.
final class Images {
    private static final List<Path> SOURCES = List.of(Path.of("/usr/bin"), Path.of("/usr/lib"), Path.of("/usr/share"));
    private static final long FILE_BYTES_MAX = 16L << 20;
    private static final int CHANGED_PERCENT = 5;
    private static final String FILE_SYSTEM_ID = "6d757374-6572-4000-8000-000000000002";

    private final Path directory;
    private final long bytes;
    private final Random random = new Random(5);

    /// @param bytes how long an image is; four fifths of it are files
    Images(Path directory, long bytes) {
        this.directory = directory;
        this.bytes = bytes;
    }

    /// @param inPlace the first one after files inside of it were replaced
    /// @param rebuilt a new file system of the changed tree
    record Trio(Path first, Path inPlace, Path rebuilt) {}

    Trio make() throws IOException, InterruptedException {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        List<Path> files = copyFiles(tree);
        Path first = makeFileSystem(tree, "v1.raw");
        List<Path> replaced = replaceSome(files);
        Path inPlace = Files.copy(first, directory.resolve("inplace.raw"));
        replaceInside(inPlace, tree, replaced);
        Path rebuilt = makeFileSystem(tree, "rebuilt.raw");
        StoreComparison.delete(tree);
        return new Trio(first, inPlace, rebuilt);
    }

    /// A sparse image whose data is a copy of another image, spread in pieces of 16 MiB.
    ///
    /// @param length how long it is
    static Path spread(Path image, Path sparse, long length) throws IOException {
        try (FileChannel in = FileChannel.open(image, StandardOpenOption.READ);
                RandomAccessFile out = new RandomAccessFile(sparse.toFile(), "rw")) {
            out.setLength(length);
            long piece = 16L << 20;
            long pieces = Math.ceilDiv(in.size(), piece);
            long stride = length / pieces / Block.BYTES * Block.BYTES;
            for (long i = 0; i < pieces; i++) {
                long count = Math.min(piece, in.size() - i * piece);
                out.getChannel().position(i * stride);
                long done = in.transferTo(i * piece, count, out.getChannel());
                if (done != count) {
                    throw new IOException("expected to copy " + count + " bytes, found " + done);
                }
            }
        }
        return sparse;
    }

    /// The distinct blocks of an image that are not zero.
    static Set<Hash> blocks(Path image) throws IOException {
        Set<Hash> blocks = new HashSet<>();
        ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            for (long at = 0; at < channel.size(); at += Block.BYTES) {
                block.clear();
                int found = channel.read(block, at);
                if (found != Block.BYTES) {
                    throw new IOException(image + ": expected whole blocks, found " + found + " bytes at " + at);
                }
                if (!Block.isZero(block.flip())) {
                    blocks.add(Hash.of(block));
                }
            }
        }
        return blocks;
    }

    /// How many bytes of an image are in blocks that are not zero.
    static long dataBytes(Path image) throws IOException {
        long data = 0;
        ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            for (long at = 0; at < channel.size(); at += Block.BYTES) {
                int found = channel.read(block.clear(), at);
                data += found > 0 && !Block.isZero(block.flip()) ? Block.BYTES : 0;
            }
        }
        return data;
    }

    private List<Path> copyFiles(Path tree) throws IOException {
        List<Path> copies = new ArrayList<>();
        long left = bytes * 4 / 5;
        for (Path source : SOURCES) {
            try (Stream<Path> all = Files.walk(source)) {
                for (Path file : (Iterable<Path>) all.sorted()::iterator) {
                    if (left > 0 && isCandidate(file)) {
                        Path folder = Files.createDirectories(tree.resolve("d" + copies.size() / 200));
                        copies.add(Files.copy(file, folder.resolve("f" + copies.size())));
                        left -= Files.size(file);
                    }
                }
            }
        }
        return copies;
    }

    private static boolean isCandidate(Path file) throws IOException {
        return !Files.isSymbolicLink(file)
                && Files.isRegularFile(file)
                && Files.isReadable(file)
                && Files.size(file) > 0
                && Files.size(file) <= FILE_BYTES_MAX;
    }

    /// Some files become others of about their length: half noise, half words.
    private List<Path> replaceSome(List<Path> files) throws IOException {
        List<Path> replaced = new ArrayList<>();
        long all = 0;
        for (Path file : files) {
            all += Files.size(file);
        }
        long left = all * CHANGED_PERCENT / 100;
        while (left > 0) {
            Path file = files.get(random.nextInt(files.size()));
            long size = Files.size(file);
            if (size <= left + Block.BYTES && !replaced.contains(file)) {
                Files.write(file, mixed((int) size));
                replaced.add(file);
                left -= size;
            }
            left -= Block.BYTES; // So that it ends, also where only large files are left.
        }
        return replaced;
    }

    private byte[] mixed(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i + 16 <= length; i += 32) {
            int word = random.nextInt(64);
            for (int j = 0; j < 16; j++) {
                bytes[i + j] = (byte) ('a' + (word + j) % 26);
            }
        }
        return bytes;
    }

    private Path makeFileSystem(Path tree, String name) throws IOException, InterruptedException {
        Path image = directory.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        Tool.run(
                directory,
                "mke2fs",
                "-q",
                "-F",
                "-t",
                "ext4",
                "-b",
                "4096",
                "-U",
                FILE_SYSTEM_ID,
                "-E",
                "hash_seed=" + FILE_SYSTEM_ID + ",lazy_itable_init=0",
                "-d",
                tree.toString(),
                image.toString());
        return image;
    }

    private void replaceInside(Path image, Path tree, List<Path> files) throws IOException, InterruptedException {
        List<String> commands = new ArrayList<>();
        for (Path file : files) {
            commands.add("rm " + tree.relativize(file));
            commands.add("write " + file + " " + tree.relativize(file));
        }
        Path script = Files.write(directory.resolve("debugfs.commands"), commands);
        Tool.run(directory, "debugfs", "-w", "-f", script.toString(), image.toString());
        Files.delete(script);
    }
}
