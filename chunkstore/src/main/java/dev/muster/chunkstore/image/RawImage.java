package dev.muster.chunkstore.image;

import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/// A file or block device whose bytes are the image. What a sparse file never wrote is zero, no more: whether a file
/// is sparse says something of the tool that copied it and not of the disk, and the same bytes are the same image.
final class RawImage implements DiskImage {
    private final InputFile file;
    private final Holes holes;
    private final ImageShape shape;

    RawImage(InputFile file, Holes holes, ImageShape shape) {
        this.file = file;
        this.holes = holes;
        this.shape = shape;
    }

    static RawImage disk(InputFile file) throws IOException {
        int sectorBytes = Sectors.of(file.path().toString(), file.length(), file::read);
        return of(file, new ImageShape(ImageShape.Kind.DISK, file.length(), sectorBytes, new Recipe.Raw()));
    }

    static RawImage opaque(InputFile file) throws IOException {
        return of(file, ImageShape.opaque(file.length()));
    }

    private static RawImage of(InputFile file, ImageShape shape) throws IOException {
        return new RawImage(file, file.device() ? Holes.UNKNOWN : SeekHoles.of(file.path()), shape);
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        Objects.checkFromIndexSize(offset, (long) into.remaining(), shape.length());
        file.read(offset, into);
    }

    @Override
    public Run run(long offset) throws IOException {
        Objects.checkIndex(offset, shape.length());
        long data = Math.min(holes.nextData(offset), shape.length());
        if (data > offset) {
            return new Run(offset, data - offset, Run.Kind.ZERO);
        }
        long end = Math.min(holes.nextHole(offset), shape.length());
        return new Run(offset, end - offset, Run.Kind.DATA);
    }

    @Override
    public void checkUnchanged() throws IOException {
        file.checkUnchanged();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            holes.close();
        }
    }
}
