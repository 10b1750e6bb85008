package dev.muster.ops.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

final class ExitCodeTest {
    @Test
    void everyFailureHasItsDocumentedCode() {
        assertEquals(2, code(new BadConfiguration("")));
        assertEquals(10, code(new Unknown("")));
        assertEquals(11, code(new Refused(Reason.BAD_TOKEN, "")));
        assertEquals(12, code(new Corrupt("")));
        assertEquals(13, code(new Unreachable("")));
        assertEquals(14, code(new TargetRefused("")));
        assertEquals(15, code(new StoreRefused("")));
    }

    @Test
    void whatWasInterruptedIsNoBug() {
        assertEquals(130, code(new InterruptedException()));
        assertEquals(130, code(new InterruptedIOException()));
        assertEquals(130, code(new ClosedByInterruptException()));
    }

    @Test
    void filesAndConnectionsAreNoBugsEither() {
        assertEquals(2, code(new AccessDeniedException("image")));
        assertEquals(13, code(new EOFException()));
    }

    @Test
    void theRestIsABug() {
        assertEquals(1, code(new IOException()));
        assertEquals(1, code(new IllegalStateException()));
    }

    private static int code(Throwable failure) {
        return ExitCode.of(failure).code();
    }
}
