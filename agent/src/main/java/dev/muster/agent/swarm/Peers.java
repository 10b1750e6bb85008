package dev.muster.agent.swarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The peers that take part, by number, near and far, and their sites.
final class Peers {
    final Site here;
    private final Map<String, Site> sites = new HashMap<>();
    private final List<Peer> near = new ArrayList<>();
    private final List<Peer> far = new ArrayList<>();
    private @Nullable Peer[] byNumber = new Peer[8];
    private int nearSources;

    Peers(String here) {
        this.here = site(here);
    }

    Site site(String name) {
        return sites.computeIfAbsent(name, Site::new);
    }

    Collection<Site> sites() {
        return sites.values();
    }

    /// Those of this host's site.
    List<Peer> near() {
        return near;
    }

    /// Those of other sites.
    List<Peer> far() {
        return far;
    }

    /// How many peers of this site had everything when they joined.
    int nearSources() {
        return nearSources;
    }

    List<Peer> all() {
        List<Peer> all = new ArrayList<>(near);
        all.addAll(far);
        return all;
    }

    /// @return null if no peer has that number
    @Nullable
    Peer get(int number) {
        return number < byNumber.length ? byNumber[number] : null;
    }

    void add(Peer peer) {
        if (peer.number >= byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, Math.max(2 * byNumber.length, peer.number + 1));
        }
        byNumber[peer.number] = peer;
        (peer.near ? near : far).add(peer);
        count(peer, 1);
    }

    void remove(Peer peer) {
        byNumber[peer.number] = null;
        (peer.near ? near : far).remove(peer);
        count(peer, -1);
    }

    private void count(Peer peer, int change) {
        peer.site.peers += change;
        peer.site.sources += peer.source ? change : 0;
        nearSources += peer.near && peer.source ? change : 0;
    }
}
