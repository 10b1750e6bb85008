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
import java.nio.file.attribute.FileTime;

/// A regular file or block device, read at positions by many threads. Its length is what it was when it was
/// opened.
///
/// @param device whether it is a block device
/// @param modified when it was last written to before it was opened
record InputFile(Path path, FileChannel channel, long length, boolean device, FileTime modified) implements Closeable {
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
            FileTime modified = Files.getLastModifiedTime(path);
            InputFile file = new InputFile(path, channel, channel.size(), device, modified);
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

    /// @throws Corrupt if it was written to since it was opened
    void checkUnchanged() throws IOException {
        if (device) {
            return;
        }
        FileTime now = Files.getLastModifiedTime(path);
        if (!now.equals(modified) || channel.size() != length) {
            throw new Corrupt(path + ": expected it as it was when it was opened, with " + length + " bytes of "
                    + modified + ", found " + channel.size() + " bytes of " + now + ": something writes to the image");
        }
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
