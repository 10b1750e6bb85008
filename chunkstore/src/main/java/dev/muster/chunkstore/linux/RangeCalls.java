package dev.muster.chunkstore.linux;

import java.io.IOException;

/// What a kernel can do to a range of an open file, so that its bytes need not go through this process.
///
/// Each says whether it was done; where it was not, nothing has happened, and the caller does it by reading
/// and writing. So everything works without, and leaves the same bytes: that is what [#NONE] is for.
public interface RangeCalls {
    /// What Linux and the file system at hand can do.
    RangeCalls LINUX = new LinuxRanges();

    /// Nothing.
    RangeCalls NONE = new NoRanges();

    /// Lets bytes of `file` at `offset` be those of `source` from `from` on; the two share them from then on.
    boolean share(LinuxFile source, long from, long bytes, LinuxFile file, long offset) throws IOException;

    /// Makes bytes read as zeros and gives their room back.
    boolean punch(LinuxFile file, long offset, long bytes) throws IOException;

    /// Makes bytes read as zeros and keeps their room.
    boolean zero(LinuxFile file, long offset, long bytes) throws IOException;

    /// Writes bytes to the medium, so that a `force` of all has less to do.
    boolean writeBack(LinuxFile file, long offset, long bytes) throws IOException;

    /// Has bytes that are on the medium be read from there the next time.
    boolean forget(LinuxFile file, long offset, long bytes) throws IOException;

    /// How many bytes from `offset` on are known to be zeros because the file has no room for them. The end
    /// of the file counts as the end of the world.
    long holeBytes(LinuxFile file, long offset) throws IOException;
}
