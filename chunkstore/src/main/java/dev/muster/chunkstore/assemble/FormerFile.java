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

/// What lies where a new file is to go.
///
/// @param channel to read it, if it is of use
/// @param content what it makes of the new file
/// @param isOfLength whether it is as long as the image, so that it can stay
record FormerFile(Optional<TargetChannel> channel, Content content, boolean isOfLength) implements Closeable {
    private static final FormerFile NONE = new FormerFile(Optional.empty(), Content.BLANK, false);

    /// @param part the new file, empty, which becomes a clone of the old one where the file system can
    static FormerFile open(Path path, long length, LinuxFile part, RangeCalls calls) throws IOException {
        if (!Files.isReadable(path)) {
            return NONE;
        }
        LinuxFile file = LinuxFile.openToRead(path);
        TargetChannel channel = TargetChannel.open(path, file, calls, StandardOpenOption.READ);
        long size = channel.size();
        // Only where it ends may a clone end within a block.
        long shared = size <= length ? size : length / Block.BYTES * Block.BYTES;
        if (shared > 0 && calls.share(file, 0, shared, part, 0)) {
            return new FormerFile(Optional.of(channel), Content.OWN, size == length);
        }
        if (size == length) {
            return new FormerFile(Optional.of(channel), Content.FORMER, true);
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
