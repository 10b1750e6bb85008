package dev.muster.protocol.net;

import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;

/// Is told what happens on a network. For one link everything comes in order on one thread, first `connected`, last
/// `closed`; for different links at the same time on several. No method may wait.
public interface PeerListener {

    /// There is a link with this host now. If it takes the place of another link with the same host, that one's
    /// `closed` may come before or after.
    void connected(PeerLink link);

    /// A message came. HELLO, PING and PONG never show here.
    void received(PeerLink link, Message message);

    /// After [PeerLink#send] said false: there is room again.
    void drained(PeerLink link);

    /// The link is gone; nothing more comes from it.
    ///
    /// @param why for people
    void closed(PeerLink link, String why);

    /// A dial came to nothing, and there is no other link with that host.
    ///
    /// @param why for people
    void failed(PeerAddress peer, String why);
}
