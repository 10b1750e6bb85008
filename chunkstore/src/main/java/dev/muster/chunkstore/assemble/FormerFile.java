package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.assemble.Target.Content;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.protocol.content.Block;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file that a new one may begin as, or be: the one that is to be replaced, or a seed.
///
/// @param channel to read it, if it is of use
/// @param content what it makes of the new file
/// @param mayStay whether it lies in the right place and has the right length
record FormerFile(Optional<TargetChannel> channel, Content content, boolean mayStay) implements Closeable {
    private static final FormerFile NONE = new FormerFile(Optional.empty(), Content.BLANK, false);

    /// @param length of the new file
    /// @param part the new file, empty, which becomes a clone of the other where the file system can
    /// @param replaced whether the new file takes the place of the other
    static FormerFile open(Path path, long length, LinuxFile part, boolean replaced, RangeCalls calls)
            throws IOException {
        if (!Files.isReadable(path)) {
            return NONE;
        }
        LinuxFile file = LinuxFile.openToRead(path);
        TargetChannel channel = TargetChannel.open(path, file, calls, StandardOpenOption.READ);
        try {
            long size = channel.size();
            boolean mayStay = replaced && size == length;
            // Only where it ends may a clone end within a block.
            long shared = size <= length ? size : length / Block.BYTES * Block.BYTES;
            if (shared > 0 && calls.share(file, 0, shared, part, 0)) {
                return new FormerFile(Optional.of(channel), Content.OWN, mayStay);
            }
            if (mayStay) {
                return new FormerFile(Optional.of(channel), Content.FORMER, true);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return NONE;
    }

    @Override
    public void close() throws IOException {
        if (channel.isPresent()) {
            channel.get().close();
        }
    }
}
