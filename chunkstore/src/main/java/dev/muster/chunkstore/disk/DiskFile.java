package dev.muster.chunkstore.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// An open file of a [Disk]. Safe for many threads; interrupting one of them harms neither it nor the file.
public interface DiskFile extends Closeable {
    /// Fills `out`, position to limit, from the bytes at `at`.
    ///
    /// @throws java.io.EOFException if the file ends before
    void read(ByteBuffer out, long at) throws IOException;

    /// Writes all of `bytes`, position to limit, which is left alone. After a failure any part may be written.
    void write(ByteBuffer bytes, long at) throws IOException;

    /// Asks for room for so many bytes, so that writing them cannot fail for want of it. Where the file system
    /// cannot promise, it does not.
    ///
    /// @param keepSize whether the size of the file stays what it is
    void allocate(long bytes, boolean keepSize) throws IOException;

    /// Gives back the room of these bytes, which read as zeros from then on; the size stays. Done twice it is as if
    /// done once.
    ///
    /// @return false where the file or device cannot, or not now, and nothing has happened
    boolean punch(long at, long bytes) throws IOException;

    /// Whether that name leads to this file, and not to another one by now, or none.
    boolean isAt(Path name);

    /// Returns when everything written is on the medium. After a failure nobody knows what is: Linux forgets the
    /// pages that it could not write, and a second call would succeed without them.
    void force() throws IOException;

    long size() throws IOException;

    void truncate(long bytes) throws IOException;
}
