package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.protocol.MusterException.TargetRefused;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// An open target's bytes. A failure says of which target. For many threads.
final class TargetChannel implements TargetBytes, Closeable {
    private static final int ZERO_BYTES = 1 << 20;

    /// How much is written to the medium at a time while flushing, so that it can be told how far it has come.
    private static final long FLUSH_BYTES = 64L << 20;

    private final Path path;
    private final FileChannel channel;
    private final LinuxFile file;
    private final RangeCalls calls;
    private final Direct direct;

    private TargetChannel(Path path, FileChannel channel, LinuxFile file, RangeCalls calls, Direct direct) {
        this.path = path;
        this.channel = channel;
        this.file = file;
        this.calls = calls;
        this.direct = direct;
    }

    /// @param file the same file; closing this closes it
    static TargetChannel open(Path path, LinuxFile file, RangeCalls calls, OpenOption... options) throws IOException {
        return new TargetChannel(path, FileChannel.open(path, options), file, calls, Direct.NONE);
    }

    /// Around the page cache, where the device lets us.
    static TargetChannel openDirect(Path path, LinuxFile file, RangeCalls calls, OpenOption... options)
            throws IOException {
        FileChannel channel = FileChannel.open(path, options);
        boolean write = List.of(options).contains(StandardOpenOption.WRITE);
        return new TargetChannel(path, channel, file, calls, Direct.open(path, write));
    }

    /// A target that nobody else uses until this is closed.
    ///
    /// @param direct whether to go around the page cache, where the device lets us
    static TargetChannel claim(Path path, RangeCalls calls, boolean direct) throws IOException {
        LinuxFile claim = TargetClaim.take(path).file();
        try {
            return direct
                    ? openDirect(path, claim, calls, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : open(path, claim, calls, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            claim.close();
            throw e;
        }
    }

    LinuxFile file() {
        return file;
    }

    RangeCalls calls() {
        return calls;
    }

    long size() throws IOException {
        return channel.size();
    }

    @Override
    public void read(ByteBuffer out, long at) throws IOException {
        int start = out.position();
        direct.read(out, at);
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
            direct.write(bytes, at);
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

    /// Gives back the room of bytes, so that they read as zeros.
    ///
    /// @return false where that cannot be done
    boolean punch(long at, long bytes) throws IOException {
        return calls.punch(file, at, bytes);
    }

    /// Makes bytes read as zeros, and writes them if there is no other way.
    void zero(long at, long bytes) throws IOException {
        if (calls.zero(file, at, bytes)) {
            return;
        }
        ByteBuffer zeros = Buffers.allocate((int) Math.min(ZERO_BYTES, bytes));
        for (long done = 0; done < bytes; done += ZERO_BYTES) {
            write(zeros.clear().limit((int) Math.min(ZERO_BYTES, bytes - done)), at + done);
        }
    }

    boolean share(LinuxFile source, long from, long bytes, long at) throws IOException {
        return calls.share(source, from, bytes, file, at);
    }

    @Override
    public long holeBytes(long at) throws IOException {
        return calls.holeBytes(file, at);
    }

    /// Returns when everything is on the medium.
    ///
    /// @param length how far to tell the progress
    void flush(long length, Progress progress) throws IOException {
        try {
            for (long at = 0; at < length; at += FLUSH_BYTES) {
                long bytes = Math.min(FLUSH_BYTES, length - at);
                calls.writeBack(file, at, bytes);
                progress.advance(bytes);
            }
            channel.force(true);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetRefused("target " + path + ": expected to write durably, found: " + e.getMessage(), e);
        }
    }

    void forget() throws IOException {
        calls.forget(file, 0, 0);
    }

    @Override
    public void close() throws IOException {
        try (file;
                direct) {
            channel.close();
        }
    }
}
