package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A block device that is written in place, around the page cache where it lets us. It is held exclusively
/// until it is closed: nobody can mount it meanwhile. What lies behind the image is left alone.
final class DeviceTarget implements Target {
    private final TargetChannel channel;
    private final long length;

    private DeviceTarget(TargetChannel channel, long length) {
        this.channel = channel;
        this.length = length;
    }

    static DeviceTarget open(Path device, long length, RangeCalls calls) throws IOException {
        TargetChannel channel = TargetChannel.claim(device, calls, true);
        try {
            long size = channel.size();
            if (size < length) {
                throw new TargetRefused("target " + device + ": expected room for " + length + " bytes, found " + size);
            }
            return new DeviceTarget(channel, length);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Content content() {
        return Content.OWN;
    }

    @Override
    public void reserve(long bytes) {
        // It was large enough when it was opened.
    }

    @Override
    public void read(ByteBuffer out, long at) throws IOException {
        channel.read(out, at);
    }

    @Override
    public long holeBytes(long at) {
        return 0;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
        channel.write(bytes, at);
    }

    @Override
    public void zero(long at, long bytes, boolean discard) throws IOException {
        if (!discard || !channel.punch(at, bytes) || !isZeroAtBothEnds(at, bytes)) {
            channel.zero(at, bytes);
        }
    }

    @Override
    public boolean share(LinuxFile source, long from, long bytes, long at) {
        return false;
    }

    @Override
    public boolean sharing(Path source, Sharing known) {
        return false;
    }

    @Override
    public void flush(Progress progress) throws IOException {
        channel.flush(length, progress);
    }

    @Override
    public void forget() throws IOException {
        channel.forget();
    }

    @Override
    public void commit() {
        // There is nothing else to it.
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// A device may say that it reads what it discarded as zeros, and not do so.
    private boolean isZeroAtBothEnds(long at, long bytes) throws IOException {
        int length = (int) Math.min(bytes, Block.BYTES);
        for (long start : new long[] {at, at + bytes - length}) {
            ByteBuffer block = Buffers.allocate(Block.BYTES).limit(length);
            channel.read(block, start);
            if (!Block.isZero(block.flip())) {
                return false;
            }
        }
        return true;
    }
}
