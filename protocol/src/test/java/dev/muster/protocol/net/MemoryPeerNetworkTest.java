package dev.muster.protocol.net;

class MemoryPeerNetworkTest extends PeerNetworkContract {
    private final MemoryPeerNetwork.Switch hosts = new MemoryPeerNetwork.Switch();

    @Override
    PeerNetwork open(String host, PeerListener listener) {
        return hosts.open(host, "site-" + host, LIMITS, listener);
    }
}
