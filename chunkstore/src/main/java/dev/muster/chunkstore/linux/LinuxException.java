package dev.muster.chunkstore.linux;

import java.io.IOException;

/// A call that the kernel refused.
public final class LinuxException extends IOException {
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int ENOSPC = 28;
    public static final int EOPNOTSUPP = 95;

    private final int errno;

    LinuxException(String call, int errno) {
        super(call + " failed: " + name(errno));
        this.errno = errno;
    }

    /// The error's number, as in `errno(3)`.
    public int errno() {
        return errno;
    }

    private static String name(int errno) {
        return switch (errno) {
            case 1 -> "not permitted";
            case 2 -> "no such file";
            case 5 -> "input/output error";
            case 13 -> "permission denied";
            case EBUSY -> "busy";
            case ENOSPC -> "no space left on device";
            case 30 -> "read-only file system";
            case EOPNOTSUPP -> "not supported";
            default -> "error " + errno;
        };
    }
}
