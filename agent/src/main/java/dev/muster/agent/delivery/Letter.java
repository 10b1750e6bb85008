package dev.muster.agent.delivery;

import dev.muster.protocol.content.Frame;
import dev.muster.protocol.wire.Message;
import java.io.IOException;

/// What comes into the mailbox.
sealed interface Letter {
    record Up(Connection connection) implements Letter {}

    record Down(Connection connection) implements Letter {}

    record Said(Connection from, Message message) implements Letter {}

    record Checked(Connection from, int request, int chunk, int index, Frame frame, boolean right) implements Letter {}

    record Stored(int chunk) implements Letter {}

    record Failed(IOException cause) implements Letter {}

    record Sent(Connection to, int request, int chunk, boolean found) implements Letter {}

    record Lost(int chunk) implements Letter {}

    record Candidate(boolean is) implements Letter {}
}
