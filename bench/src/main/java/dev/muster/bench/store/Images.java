package dev.muster.bench.store;

import dev.muster.bench.image.Ext4;
import dev.muster.bench.image.FileTree;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/// A disk image of files of this machine, and what an update makes of it.
///
/// @param first an ext4 file system; four fifths of it are files
/// @param inPlace the first one after files inside of it were replaced
/// @param rebuilt a new file system of the changed tree
record Images(Path first, Path inPlace, Path rebuilt) {
    private static final int CHANGED_PERCENT = 5;
    private static final int SEED = 5;
    private static final long PIECE_BYTES = 16L << 20;

    /// @param bytes how long each image is
    static Images make(Path directory, long bytes) throws IOException, InterruptedException {
        FileTree tree = FileTree.copy(directory.resolve("tree"), bytes * 4 / 5);
        Path first = Ext4.make(tree.directory(), directory.resolve("v1.raw"), bytes);
        List<Path> replaced = tree.replaceSome(CHANGED_PERCENT, new Random(SEED));
        Path inPlace = Files.copy(first, directory.resolve("inplace.raw"));
        Ext4.replaceInside(inPlace, tree.directory(), replaced);
        Path rebuilt = Ext4.make(tree.directory(), directory.resolve("rebuilt.raw"), bytes);
        tree.delete();
        return new Images(first, inPlace, rebuilt);
    }

    /// A sparse image whose data is a copy of another image, spread in pieces of 16 MiB.
    ///
    /// @param length how long it is
    static Path spread(Path image, Path sparse, long length) throws IOException {
        try (FileChannel in = FileChannel.open(image, StandardOpenOption.READ);
                RandomAccessFile out = new RandomAccessFile(sparse.toFile(), "rw")) {
            out.setLength(length);
            long pieces = Math.ceilDiv(in.size(), PIECE_BYTES);
            long stride = length / pieces / Block.BYTES * Block.BYTES;
            for (long i = 0; i < pieces; i++) {
                long count = Math.min(PIECE_BYTES, in.size() - i * PIECE_BYTES);
                out.getChannel().position(i * stride);
                long done = in.transferTo(i * PIECE_BYTES, count, out.getChannel());
                if (done != count) {
                    throw new IOException("expected to copy " + count + " bytes, found " + done);
                }
            }
        }
        return sparse;
    }
}
