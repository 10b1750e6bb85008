package dev.muster.ops.shell;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;

/// How a command ends, for scripts.
public enum ExitCode {
    DONE(0),
    /// Also a failure of the machine that nobody has a name for.
    BUG(1),
    CONFIGURATION(2),
    UNKNOWN(10),
    REFUSED(11),
    CORRUPT(12),
    UNREACHABLE(13),
    TARGET(14),
    STORE(15),
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// How a command ends that failed like this.
    public static ExitCode of(Throwable failure) {
        return switch (failure) {
            case MusterException known ->
                switch (known) {
                    case BadConfiguration _ -> CONFIGURATION;
                    case Unknown _ -> UNKNOWN;
                    case Refused _ -> REFUSED;
                    case Corrupt _ -> CORRUPT;
                    case Unreachable _ -> UNREACHABLE;
                    case TargetRefused _ -> TARGET;
                    case StoreRefused _ -> STORE;
                };
            case InterruptedException _, InterruptedIOException _, ClosedByInterruptException _ -> INTERRUPTED;
            // A file that was named on the command line.
            case FileSystemException _ -> CONFIGURATION;
            case EOFException _, ClosedChannelException _, SocketException _ -> UNREACHABLE;
            default -> BUG;
        };
    }
}
