package dev.muster.agent;

import dev.muster.agent.document.Documents;
import dev.muster.agent.enrol.Member;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.net.TlsPeerNetwork;
import dev.muster.protocol.trust.key.Subject;

/// Sees to it that what was signed about members holds for the connections that are there: a host that was shut out
/// loses its links and its place in the cluster at once, and another root's terms hold from the next handshake on. Run
/// whenever documents changed.
final class Doorkeeper implements Runnable {
    private final Documents documents;
    private final Member member;
    private final TlsPeerNetwork network;
    private final Fleet fleet;
    private long root;

    Doorkeeper(Documents documents, Member member, TlsPeerNetwork network, Fleet fleet) {
        this.documents = documents;
        this.member = member;
        this.network = network;
        this.fleet = fleet;
    }

    @Override
    public synchronized void run() {
        long newest = documents.roots().newest().number();
        if (newest != root) {
            root = newest;
            network.trust(member.peerTrust(documents.roots()));
            fleet.trust(member.clusterTrust(documents.roots()));
        }
        String name = member.enrolled().fleet();
        fleet.sendAwayRevoked();
        network.closeIf(host -> documents.isRevoked(new Subject(name, Subject.Role.HOST, host)), "revoked");
    }
}
