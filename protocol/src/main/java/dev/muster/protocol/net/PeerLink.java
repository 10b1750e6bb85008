package dev.muster.protocol.net;

import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;

/// A connection with one host that has proven who it is. Safe for many threads.
public interface PeerLink {

    /// The id of the other host, as its certificate says.
    String host();

    /// Its site, as it says itself.
    String site();

    /// The other end of the connection. Where the host dialled from, this is not where it listens.
    Address remote();

    /// Whether this end dialled.
    boolean dialled();

    /// Sends a message after all that were sent before. It is always taken, and lost only with the link.
    ///
    /// @return false if so much waits to be written now that the caller should send no bulk before
    ///     [PeerListener#drained]; who goes on nevertheless far beyond loses the link
    boolean send(Message message);

    /// How many bytes wait to be written.
    long queuedBytes();

    /// Stops reading; messages that were read already may still come.
    void pause();

    void resume();

    /// Closes the link; [PeerListener#closed] follows.
    ///
    /// @param why for people
    void close(String why);

    /// Bytes written so far, with the framing of messages and without that of TLS.
    long sentBytes();

    /// Bytes read so far, counted alike.
    long receivedBytes();
}
