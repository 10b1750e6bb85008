package dev.muster.protocol.net;

import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.Closeable;

/// This host's connections with its peers. Safe for many threads; only [#close] waits for the network.
public interface PeerNetwork extends Closeable {

    /// Where it listens, with the port that it really has.
    Address address();

    /// Dials a peer, unless there is a link with that host or one on its way, or it is this host. What becomes of it is
    /// told to the listener: [PeerListener#connected] or [PeerListener#failed].
    void connect(PeerAddress peer);

    /// How many links there are.
    int links();

    /// Closes every link and stops listening. After it returns the listener hears nothing more. Never to be called by
    /// the listener itself.
    @Override
    void close();
}
