package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.cluster.AttachedFleet.Times;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What a member of the cluster does for the nodes that are attached to it: it vouches for them, and passes on
/// what it sees of their site, and a little of the others. One virtual thread passes on. Safe for many threads.
public final class Attachments implements Closeable {
    private static final int ATTACHED_MAX = 512;
    private static final int FAR_MAX = 64;

    private final Fleet fleet;
    private final Times times;
    private final Map<String, Attached> attached = new ConcurrentHashMap<>();
    private final Thread owner = Thread.ofVirtual().name("attachments").unstarted(this::run);

    private Attachments(Fleet fleet, Times times) {
        this.fleet = fleet;
        this.times = times;
    }

    /// @param fleet of which nodes are in the cluster; where it is not, nobody learns anything here
    public static Attachments open(Fleet fleet, Times times) {
        Attachments attachments = new Attachments(fleet, times);
        attachments.owner.start();
        return attachments;
    }

    /// One node, and what it was told.
    private static final class Attached {
        final String site;
        final Consumer<byte[]> tell;
        final Map<String, Said> said = new HashMap<>();

        Attached(String site, Consumer<byte[]> tell) {
            this.site = site;
            this.tell = tell;
        }
    }

    private record Said(Presence presence, long at) {}

    /// A peer says that it is not in the cluster, and what it is.
    ///
    /// @param host who that peer has proven to be
    /// @param tell says the bytes of a presence to it
    /// @throws Corrupt if the bytes are no presence, or that of another host
    public void here(String host, byte[] bytes, Consumer<byte[]> tell) throws Corrupt {
        Presence presence = PresenceCodec.decode(bytes);
        if (!presence.id().equals(host)) {
            throw new Corrupt("presence: expected that of " + host + ", found that of " + presence.id());
        }
        if (attached.size() < ATTACHED_MAX || attached.containsKey(host)) {
            attached.computeIfAbsent(host, _ -> new Attached(presence.node().site(), tell));
            fleet.vouch(presence);
        }
    }

    /// The connection with a peer is gone.
    public void lost(String host) {
        attached.remove(host);
    }

    @Override
    public void close() {
        owner.interrupt();
    }

    private void run() {
        try {
            while (true) {
                if (!attached.isEmpty()) {
                    List<Presence> present = new ArrayList<>(fleet.present());
                    Collections.shuffle(present);
                    attached.forEach((host, each) -> passOn(host, each, present));
                }
                Thread.sleep(times.look());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void passOn(String host, Attached to, List<Presence> present) {
        long now = System.nanoTime();
        to.said.values().removeIf(said -> now - said.at > times.forget().toNanos());
        long far = to.said.values().stream()
                .filter(said -> !said.presence.node().site().equals(to.site))
                .count();
        for (Presence presence : present) {
            Said before = to.said.get(presence.id());
            boolean near = presence.node().site().equals(to.site);
            boolean due = before == null
                    ? near || far < FAR_MAX
                    : !before.presence.equals(presence)
                            || now - before.at >= times.repeat().toNanos();
            if (due && !presence.id().equals(host)) {
                far += before == null && !near ? 1 : 0;
                to.said.put(presence.id(), new Said(presence, now));
                to.tell.accept(PresenceCodec.encode(presence));
            }
        }
    }
}
