package dev.muster.agent;

import dev.muster.agent.document.Documents;
import dev.muster.agent.enrol.Member;
import dev.muster.protocol.net.TlsPeerNetwork;
import dev.muster.protocol.trust.key.Subject;

/// Sees to it that what was signed about members holds for the connections that are there: a host that was shut out
/// loses its links at once, and another root's terms hold from the next handshake on. Run whenever documents changed.
final class Doorkeeper implements Runnable {
    private final Documents documents;
    private final Member member;
    private final TlsPeerNetwork network;
    private long root;

    Doorkeeper(Documents documents, Member member, TlsPeerNetwork network) {
        this.documents = documents;
        this.member = member;
        this.network = network;
    }

    @Override
    public synchronized void run() {
        long newest = documents.roots().newest().number();
        if (newest != root) {
            root = newest;
            network.trust(member.peerTrust(documents.roots()));
        }
        String fleet = member.enrolled().fleet();
        network.closeIf(host -> documents.isRevoked(new Subject(fleet, Subject.Role.HOST, host)), "revoked");
    }
}
