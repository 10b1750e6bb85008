package dev.muster.ops.drill;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Two related disk images of about 256 MiB: an ext4 file system with files of this machine, and the same rebuilt after
/// an
/// update that replaced a few of them. Where there is no `mke2fs`, two disks composed of seeded data with the same kind
/// of difference.
final class DrillImages {
    private static final long DISK_BYTES = 256L << 20;
    private static final long FILES_BYTES = 190L << 20;
    private static final long FILE_BYTES_MAX = 16L << 20;
    private static final int REPLACED_PERCENT = 4;
    private static final List<String> SOURCES = List.of("/usr/bin", "/usr/lib", "/usr/share");
    private static final String MKE2FS_ID = "6d757374-6572-4000-8000-000000000001";

    private final Path directory;
    private final Random random = new Random(20_26);

    DrillImages(Path directory) {
        this.directory = directory;
    }

    /// Both images, and how they were made.
    record Pair(Path first, Path next, String origin) {}

    Pair make() throws IOException, InterruptedException {
        Path first = directory.resolve("v1.img");
        Path next = directory.resolve("v2.img");
        Path tree = Files.createDirectories(directory.resolve("tree"));
        if (copyFiles(tree) && mke2fs(tree, first)) {
            update(tree);
            if (mke2fs(tree, next)) {
                delete(tree);
                return new Pair(first, next, "ext4 of files of this machine");
            }
        }
        delete(tree);
        compose(first, next);
        return new Pair(first, next, "composed of seeded data");
    }

    /// Distinct non-zero blocks of `next` that are found nowhere in `first`: what no delta can do without.
    static long changedBlocks(Path first, Path next) throws IOException {
        Set<Hash> known = new HashSet<>(hashes(first));
        known.add(Block.ZERO);
        Set<Hash> changed = new HashSet<>(hashes(next));
        changed.removeAll(known);
        return changed.size();
    }

    private static List<Hash> hashes(Path image) throws IOException {
        List<Hash> hashes = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < channel.size(); at += buffer.capacity()) {
                buffer.clear();
                while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
                    // Until the window is full or the image ends.
                }
                buffer.flip();
                while (buffer.remaining() >= Block.BYTES) {
                    ByteBuffer block = buffer.slice(buffer.position(), Block.BYTES);
                    hashes.add(Block.isZero(block) ? Block.ZERO : Hash.of(block));
                    buffer.position(buffer.position() + Block.BYTES);
                }
            }
        }
        return hashes;
    }

    /// Copies readable files in a stable order until there are enough.
    private boolean copyFiles(Path tree) throws IOException {
        long bytes = 0;
        int number = 0;
        for (String source : SOURCES) {
            if (!Files.isDirectory(Path.of(source))) {
                continue;
            }
            try (Stream<Path> files = Files.find(
                    Path.of(source),
                    8,
                    (_, attributes) -> attributes.isRegularFile()
                            && attributes.size() > 0
                            && attributes.size() <= FILE_BYTES_MAX)) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    if (!Files.isReadable(file)) {
                        continue;
                    }
                    Path folder = Files.createDirectories(tree.resolve("d" + number / 200));
                    Files.copy(file, folder.resolve(number + "-" + file.getFileName()));
                    bytes += Files.size(file);
                    number++;
                    if (bytes >= FILES_BYTES) {
                        return true;
                    }
                }
            } catch (UncheckedIOException _) {
                return false; // A folder that may not be read: this machine's files will not do.
            }
        }
        return false;
    }

    /// What an update does: some files are replaced by others of about their size, a few go, a few come.
    private void update(Path tree) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(tree)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        long left = total * REPLACED_PERCENT / 100;
        while (left > 0) {
            Path file = files.get(random.nextInt(files.size()));
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (size == 0 || size > left + (1 << 20)) {
                left -= 4096;
                continue;
            }
            byte[] other = mixed((int) (size * (90 + random.nextInt(20)) / 100) + 1);
            Files.write(file, other);
            left -= size;
        }
        Files.delete(files.getFirst());
        Files.write(tree.resolve("d0/new"), mixed(300_000));
    }

    private boolean mke2fs(Path tree, Path image) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
        ProcessBuilder builder = new ProcessBuilder(
                "mke2fs",
                "-q",
                "-F",
                "-t",
                "ext4",
                "-b",
                "4096",
                "-U",
                MKE2FS_ID,
                "-E",
                "hash_seed=" + MKE2FS_ID + ",lazy_itable_init=0",
                "-d",
                tree.toString(),
                image.toString());
        builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "") + ":/sbin:/usr/sbin");
        builder.environment().put("E2FSPROGS_FAKE_TIME", "1700000000");
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("mke2fs.log").toFile());
        try {
            Process process = builder.start();
            return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false; // There is no mke2fs.
        }
    }

    /// Noise and text with zeros between them; in the next version some runs are new, and all that follow one have
    /// moved.
    private void compose(Path first, Path next) throws IOException {
        try (FileChannel one = create(first);
                FileChannel two = create(next)) {
            long at = 0;
            long moved = 0;
            while (at + (2 << 20) < DISK_BYTES * 3 / 4) {
                byte[] run = mixed(Block.BYTES * (1 + random.nextInt(256)));
                write(one, run, at);
                if (random.nextInt(100) < REPLACED_PERCENT) {
                    run = mixed(run.length);
                    moved += Block.BYTES;
                }
                write(two, run, at + moved);
                at += run.length + (random.nextInt(3) == 0 ? Block.BYTES * 64L : 0);
            }
        }
    }

    private static FileChannel create(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
        return FileChannel.open(image, StandardOpenOption.WRITE);
    }

    private static void write(FileChannel channel, byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            int _ = channel.write(buffer, at + buffer.position());
        }
    }

    /// Half noise, half words: about as compressible as programs are.
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

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// Whether two files have the same bytes.
    static boolean same(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other) && Files.mismatch(one, other) < 0;
    }
}
