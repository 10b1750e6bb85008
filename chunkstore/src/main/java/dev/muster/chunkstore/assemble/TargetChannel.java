package dev.muster.chunkstore.assemble;

import dev.muster.protocol.MusterException.TargetRefused;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/// An open target's bytes. A failure says of which target.
final class TargetChannel implements Closeable {
    private final Path path;
    private final FileChannel channel;

    private TargetChannel(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static TargetChannel open(Path path, OpenOption... options) throws IOException {
        return new TargetChannel(path, FileChannel.open(path, options));
    }

    long size() throws IOException {
        return channel.size();
    }

    void read(ByteBuffer out, long at) throws IOException {
        int start = out.position();
        while (out.hasRemaining()) {
            int length = channel.read(out, at + out.position() - start);
            if (length < 0) {
                throw new TargetRefused("target " + path + ": expected " + (out.limit() - start) + " bytes at " + at
                        + ", found its end after " + (out.position() - start));
            }
        }
    }

    void write(ByteBuffer bytes, long at) throws IOException {
        int start = bytes.position();
        int length = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, at + bytes.position() - start);
            }
        } catch (ClosedChannelException e) {
            // Interrupted, not refused.
            throw e;
        } catch (IOException e) {
            throw new TargetRefused(
                    "target " + path + ": expected to write " + length + " bytes at " + at + ", found: "
                            + e.getMessage(),
                    e);
        }
    }

    void force() throws IOException {
        try {
            channel.force(true);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetRefused("target " + path + ": expected to write durably, found: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
