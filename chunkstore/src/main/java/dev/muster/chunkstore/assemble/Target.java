package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.protocol.MusterException.TargetRefused;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The file or block device that an image is being written to; nobody else writes to it meanwhile. Reading
/// and writing are safe for many threads. Until something is written nothing has changed; what happens to it
/// on closing without [#commit] depends on its [Mode].
public sealed interface Target extends TargetBytes, Closeable permits FileTarget, InPlaceTarget, DeviceTarget {

    /// What becomes of a file that is there.
    enum Mode {
        /// A new version is made beside it and takes its place on [#commit]: there is always the old one or
        /// the new one. If the old one turns out to be what is wanted, it stays.
        REPLACE,
        /// Its wrong blocks are written over, one by one. That takes the least room and the fewest writes,
        /// and whoever stops in the middle leaves a file that is neither; doing it again completes it. A
        /// block device is always written so.
        IN_PLACE
    }

    /// What a target holds before anything is written to it.
    enum Content {
        /// Zeros.
        BLANK,
        /// Anything: what is right may stay.
        OWN,
        /// A former version lies beside it, and is what [#read] reads: it may stay as a whole. Else the
        /// target is blank.
        FORMER
    }

    /// Takes what is called `path` to write an image of `length` bytes to it, and replaces a file. Links are
    /// followed.
    ///
    /// @throws TargetRefused if it is too small, in use, or nothing that an image can be written to
    static Target open(Path path, long length) throws IOException {
        return open(path, length, Mode.REPLACE);
    }

    static Target open(Path path, long length, Mode mode) throws IOException {
        return open(path, length, mode, RangeCalls.LINUX);
    }

    /// @param calls what is asked of the kernel; what is written is the same
    static Target open(Path path, long length, Mode mode, RangeCalls calls) throws IOException {
        return open(path, length, mode, Optional.empty(), calls);
    }

    /// As the others; but a file that is not there begins as a clone of `seed`, where the file system can, so that
    /// only what is wrong in it takes time and room. It has its permissions, too.
    ///
    /// @param seed a file that may hold much of the image, such as the one that ran before
    static Target open(Path path, long length, Path seed) throws IOException {
        return open(path, length, Mode.REPLACE, Optional.of(seed), RangeCalls.LINUX);
    }

    private static Target open(Path path, long length, Mode mode, Optional<Path> seed, RangeCalls calls)
            throws IOException {
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            throw new TargetRefused("target " + path + ": expected a file or block device, found a link to nothing");
        }
        Path real = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        if (BlockDevices.isBlockDevice(real)) {
            return DeviceTarget.open(real, length, calls);
        }
        if (Files.exists(real) && !Files.isRegularFile(real)) {
            throw new TargetRefused("target " + real + ": expected a file or block device, found something else");
        }
        BlockDevices.ofThisHost().requireNotBacking(real);
        return mode == Mode.IN_PLACE && Files.exists(real)
                ? InPlaceTarget.open(real, length, calls)
                : FileTarget.open(real, length, seed, calls);
    }

    Content content();

    /// Makes sure that so many bytes can be written.
    ///
    /// @throws TargetRefused if they cannot
    void reserve(long bytes) throws IOException;

    /// Writes `bytes`, position to limit.
    void write(ByteBuffer bytes, long at) throws IOException;

    /// Makes bytes read as zeros, if it can be helped without writing them.
    ///
    /// @param discard whether a device may give their room back, too; a file always does
    void zero(long at, long bytes, boolean discard) throws IOException;

    /// Shares bytes with a file that [#sharing] has found to lie where this is possible.
    ///
    /// @return false if these cannot be shared; nothing has happened then
    boolean share(LinuxFile source, long from, long bytes, long at) throws IOException;

    /// Whether this can share blocks with that file; tried, and remembered in `known`.
    boolean sharing(Path source, Sharing known);

    /// Returns when everything written is on the medium.
    ///
    /// @param progress advances by the length of the image
    void flush(Progress progress) throws IOException;

    /// Has [#read] read from the medium what was flushed, as far as the kernel lets us.
    void forget() throws IOException;

    /// Gives what was written and flushed its name.
    void commit() throws IOException;
}
