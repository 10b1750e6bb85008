package dev.muster.chunkstore.image;

import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import java.io.IOException;
import java.nio.file.Path;

/// Holes as Linux knows them. Wherever the file system cannot tell, there may be data.
final class SeekHoles implements Holes {
    private final LinuxFile file;

    private SeekHoles(LinuxFile file) {
        this.file = file;
    }

    /// The holes of a regular file, or [Holes#UNKNOWN] where this system cannot tell.
    static Holes of(Path path) throws IOException {
        boolean linux = System.getProperty("os.name").equals("Linux");
        return linux ? new SeekHoles(LinuxFile.openToRead(path)) : UNKNOWN;
    }

    @Override
    public long nextData(long offset) throws IOException {
        try {
            return file.nextData(offset);
        } catch (LinuxException _) {
            return UNKNOWN.nextData(offset);
        }
    }

    @Override
    public long nextHole(long offset) throws IOException {
        try {
            return file.nextHole(offset);
        } catch (LinuxException _) {
            return UNKNOWN.nextHole(offset);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
