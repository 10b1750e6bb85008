package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A file that is written over where it is wrong. It gets the length of the image at the end.
final class InPlaceTarget implements Target {
    private final Path path;
    private final TargetChannel channel;
    private final long length;

    private InPlaceTarget(Path path, TargetChannel channel, long length) {
        this.path = path;
        this.channel = channel;
        this.length = length;
    }

    static InPlaceTarget open(Path path, long length, RangeCalls calls) throws IOException {
        return new InPlaceTarget(path, TargetChannel.claim(path, calls, false), length);
    }

    @Override
    public Content content() {
        return Content.OWN;
    }

    @Override
    public void reserve(long bytes) {
        // How much of it lies where there is room already, nobody knows.
    }

    @Override
    public void read(ByteBuffer out, long at) throws IOException {
        int end = out.limit();
        int here = Math.clamp(channel.size() - at, 0, out.remaining());
        channel.read(out.limit(out.position() + here), at);
        out.limit(end);
        while (out.hasRemaining()) {
            out.put((byte) 0);
        }
    }

    @Override
    public long holeBytes(long at) throws IOException {
        return channel.holeBytes(at);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
        channel.write(bytes, at);
    }

    @Override
    public void zero(long at, long bytes, boolean discard) throws IOException {
        if (!channel.punch(at, bytes)) {
            channel.zero(at, bytes);
        }
    }

    @Override
    public boolean share(LinuxFile source, long from, long bytes, long at) throws IOException {
        return channel.share(source, from, bytes, at);
    }

    @Override
    public boolean sharing(Path source, Sharing known) {
        return known.works(source, path.resolveSibling(""), channel.calls());
    }

    @Override
    public void flush(Progress progress) throws IOException {
        if (channel.size() != length) {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(length);
            }
        }
        channel.flush(length, progress);
    }

    @Override
    public void forget() throws IOException {
        channel.forget();
    }

    @Override
    public void commit() {
        // It has had its name all along.
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
