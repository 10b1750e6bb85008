package dev.muster.agent.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MailboxTest {
    private static final long NANOS = Duration.ofSeconds(10).toNanos();

    private final Mailbox<Integer> mailbox = new Mailbox<>();
    private final Sender sender = new Sender();

    private static final class Sender implements Mailbox.Pausable {
        int pauses;

        @Override
        public void pause() {
            pauses++;
        }

        @Override
        public void resume() {
            pauses--;
        }
    }

    @Test
    void whoBringsMoreThanThereIsRoomForIsPausedUntilHalfOfItIsTaken() throws InterruptedException {
        int message = 1 << 20;
        int sent = untilPaused(message);
        assertEquals(Mailbox.HIGH / message, sent);

        while (sender.pauses > 0) {
            sent -= mailbox.take(1, NANOS).size();
        }

        assertTrue((long) sent * message <= Mailbox.LOW, sent + " are left");
    }

    @Test
    void messagesWithoutContentCountToo() {
        int sent = untilPaused(0);

        assertTrue(sent <= Mailbox.HIGH / 64 + 1, sent + " messages wait");
    }

    @Test
    void whenNobodyTakesAnythingAnyMoreAllGoOnAndNothingIsKept() throws InterruptedException {
        untilPaused(1 << 20);

        mailbox.close();
        mailbox.post(1, 1 << 20, sender);

        assertEquals(0, sender.pauses);
        assertEquals(0, mailbox.take(1, 1).size());
    }

    private int untilPaused(long weight) {
        int sent = 0;
        while (sender.pauses == 0) {
            mailbox.post(sent++, weight, sender);
        }
        return sent;
    }
}
