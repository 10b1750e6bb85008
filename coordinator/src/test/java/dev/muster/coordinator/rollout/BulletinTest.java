package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.Eventually;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.trust.key.Subject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class BulletinTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Subject ONE = new Subject("lab", Subject.Role.HOST, "one");
    private static final Subject TWO = new Subject("lab", Subject.Role.HOST, "two");

    private final Documents documents = Documents.of(List.of());
    private final Bulletin bulletin = new Bulletin(Bulletin.Edition.of(documents));
    private final long revision = documents.revision();

    @Test
    void aNewerWaitEndsTheOlderOneOfItsCallerOnly() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> one = threads.submit((Callable<byte[]>) () -> bulletin.await(ONE, revision, LONG));
            Future<byte[]> again = threads.submit((Callable<byte[]>) () -> bulletin.await(ONE, revision, LONG));
            Future<byte[]> two = threads.submit((Callable<byte[]>) () -> bulletin.await(TWO, revision, LONG));

            Eventually.eventually("a wait ends", () -> one.isDone() || again.isDone());
            Future<byte[]> ended = one.isDone() ? one : again;

            assertInstanceOf(
                    Unreachable.class,
                    assertThrows(ExecutionException.class, ended::get).getCause());
            assertFalse(two.isDone());
            assertFalse(one.isDone() && again.isDone());
            threads.shutdownNow();
        }
    }

    @Test
    void aWaitThatIsOverSaysThatNothingIsNew() throws Exception {
        Documents answer = Documents.decode(bulletin.await(ONE, revision, Duration.ofMillis(1)));

        assertEquals(new Documents(revision, List.of()), answer);
    }
}
