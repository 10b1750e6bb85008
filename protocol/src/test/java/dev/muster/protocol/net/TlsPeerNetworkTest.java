package dev.muster.protocol.net;

import java.io.IOException;

class TlsPeerNetworkTest extends PeerNetworkContract {
    private final FleetFixture fleet = new FleetFixture("test");

    @Override
    PeerNetwork open(String host, PeerListener listener) throws IOException {
        return fleet.open(host, LIMITS, listener);
    }
}
