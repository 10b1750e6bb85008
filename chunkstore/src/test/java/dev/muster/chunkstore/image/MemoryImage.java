package dev.muster.chunkstore.image;

import dev.muster.protocol.content.ImageShape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/// An image in memory, whose runs are what the test says.
public final class MemoryImage implements DiskImage {
    private final ByteBuffer bytes;
    private final ImageShape shape;
    private final List<Run> runs;

    /// A disk that is all data as far as its container knows.
    public MemoryImage(ByteBuffer disk) {
        this(disk, ImageShape.disk(disk.limit()), List.of(new Run(0, disk.limit(), Run.Kind.DATA)));
    }

    /// @param runs cover the image in order
    public MemoryImage(ByteBuffer bytes, ImageShape shape, List<Run> runs) {
        this.bytes = bytes;
        this.shape = shape;
        this.runs = runs;
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        Objects.checkFromIndexSize(offset, (long) into.remaining(), shape.length());
        into.put(bytes.slice((int) offset, into.remaining()));
    }

    @Override
    public Run run(long offset) {
        Objects.checkIndex(offset, shape.length());
        Run there = runs.stream()
                .filter(run -> run.offset() <= offset && offset < run.end())
                .findFirst()
                .orElseThrow();
        return new Run(offset, there.end() - offset, there.kind());
    }

    @Override
    public void checkUnchanged() {}

    @Override
    public void close() {}
}
