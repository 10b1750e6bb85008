package dev.muster.protocol.net;

import java.time.Duration;

/// What a network allows its peers.
///
/// @param links and dials on their way, at most
/// @param greetings connections that came in and have not said who they are, at most
/// @param queueBytes that may wait on one link before [PeerLink#send] says false; four times that closes it
/// @param greeting from the start of a connection to both HELLOs
/// @param ping a link on which nothing came for so long is sent a PING
/// @param silence a link on which nothing came for so long is closed, unless it is paused
public record LinkLimits(int links, int greetings, int queueBytes, Duration greeting, Duration ping, Duration silence) {

    public static LinkLimits defaults() {
        return new LinkLimits(
                512, 128, 4 << 20, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    }
}
