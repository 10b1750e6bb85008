package dev.muster.chunkstore.image;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A regular file or block device, read at positions by many threads. Its length is what it was when it was opened.
///
/// @param device whether it is a block device
record InputFile(Path path, FileChannel channel, long length, boolean device) implements Closeable {
    private static final int FILE_TYPE = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;

    /// @throws BadConfiguration if there is no file or block device that may be read, or it is empty
    static InputFile open(Path path) throws IOException {
        try {
            boolean device = isBlockDevice(path);
            if (!device && !Files.isRegularFile(path)) {
                throw new BadConfiguration(path + ": expected an image file or block device, found "
                        + (Files.exists(path) ? "something else" : "nothing"));
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            InputFile file = new InputFile(path, channel, channel.size(), device);
            if (file.length == 0) {
                file.close();
                throw new BadConfiguration(path + ": expected an image, found no bytes");
            }
            return file;
        } catch (FileSystemException e) {
            throw new BadConfiguration(path + ": expected an image that can be read, found " + e);
        }
    }

    /// Fills `into`, position to limit.
    ///
    /// @throws Corrupt if the file ends before that
    void read(long offset, ByteBuffer into) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new Corrupt(path + ": expected " + into.remaining() + " bytes at " + at + ", found the end");
            }
            at += count;
        }
    }

    /// The `length` bytes at `offset`, big-endian as containers have them.
    ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.BIG_ENDIAN);
        read(offset, bytes);
        return bytes.flip();
    }

    /// Whether `length` bytes at `offset` lie inside the file.
    boolean holds(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= this.length - length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        return Files.exists(path)
                && path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(path, "unix:mode") instanceof Integer mode
                && (mode & FILE_TYPE) == BLOCK_DEVICE;
    }
}
