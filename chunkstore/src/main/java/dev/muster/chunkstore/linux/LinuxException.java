package dev.muster.chunkstore.linux;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/// A call that the kernel refused.
public final class LinuxException extends IOException {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOTTY = 25;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int ENOSYS = 38;
    public static final int EOPNOTSUPP = 95;
    public static final int EDQUOT = 122;

    private final int errno;

    LinuxException(String call, int errno) {
        super(call + " failed: " + name(errno));
        this.errno = errno;
    }

    /// The error's number, as in `errno(3)`.
    public int errno() {
        return errno;
    }

    /// Whether the kernel, the file system or the device cannot do this to this file, or not to such a range
    /// of it, so that it has to be done in another way: nothing has happened, and nothing is wrong.
    public boolean isUnsupported() {
        return switch (errno) {
            case EPERM, EXDEV, ENODEV, EINVAL, ENOTTY, ENOSYS, EOPNOTSUPP -> true;
            default -> false;
        };
    }

    /// Whether a call, one of the JDK's too, failed because the disk is full. Of the error's number the JDK keeps
    /// only what `strerror(3)` says.
    public static boolean isDiskFull(IOException failure) {
        return switch (failure) {
            case LinuxException linux -> linux.errno == ENOSPC || linux.errno == EDQUOT;
            case FileSystemException named -> saysFull(named.getReason());
            default -> saysFull(failure.getMessage());
        };
    }

    private static boolean saysFull(@Nullable String message) {
        return CLibrary.message(ENOSPC).equals(message)
                || CLibrary.message(EDQUOT).equals(message);
    }

    private static String name(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted";
            case ENOENT -> "no such file";
            case EIO -> "input/output error";
            case EACCES -> "permission denied";
            case EBUSY -> "busy";
            case EXDEV -> "not on one file system";
            case EINVAL -> "not for such a file or range";
            case ENOSPC -> "no space left on device";
            case EDQUOT -> "disk quota exceeded";
            case EROFS -> "read-only file system";
            case EOPNOTSUPP -> "not supported";
            default -> "error " + errno;
        };
    }
}
