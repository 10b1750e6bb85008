package dev.muster.agent.keep;

import dev.muster.agent.document.NoUpstream;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.net.ReleaseList.Entry;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A coordinator in memory that has releases, and can be cut off.
final class ListedReleases extends NoUpstream {
    private final Map<Hash, Envelope> documents = new HashMap<>();
    private final Map<Hash, Entry> entries = new HashMap<>();
    private boolean gone;

    /// @param name that the list says, which may be a lie
    synchronized void put(String name, Signed<Release> release) {
        put(name, release.envelope());
    }

    synchronized void put(String name, Envelope release) {
        documents.put(release.hash(), release);
        entries.put(release.hash(), new Entry(release.hash(), name, false));
        notifyAll();
    }

    synchronized void retire(Hash release, boolean retired) {
        entries.computeIfPresent(release, (_, entry) -> new Entry(release, entry.name(), retired));
        notifyAll();
    }

    /// As if it had never had any.
    synchronized void forget() {
        entries.clear();
        notifyAll();
    }

    synchronized void cut(boolean gone) {
        this.gone = gone;
        notifyAll();
    }

    @Override
    public synchronized ReleaseList releases(long after, Duration wait) throws Unreachable, InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        ReleaseList now = ReleaseList.of(List.copyOf(entries.values()));
        while (!gone && now.revision() == after && System.nanoTime() < until) {
            wait(100);
            now = ReleaseList.of(List.copyOf(entries.values()));
        }
        if (gone) {
            throw new Unreachable("the coordinator is gone");
        }
        return now.revision() == after ? new ReleaseList(after, List.of()) : now;
    }

    @Override
    public synchronized Optional<Envelope> document(Hash hash) {
        return Optional.ofNullable(documents.get(hash));
    }
}
