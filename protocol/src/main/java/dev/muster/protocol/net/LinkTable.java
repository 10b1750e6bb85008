package dev.muster.protocol.net;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which link there is with each host, and which of two survives. Shared by all event loops of a network, so every
/// method is synchronized and short.
///
/// @param <L> a link
final class LinkTable<L> {
    private final String self;
    private final int entriesMax;
    private final Map<String, Entry<L>> entries = new HashMap<>();

    /// One host. It is there while there is a link or a dial.
    private static final class Entry<L> {
        boolean dialling;
        boolean dialled;

        @Nullable
        L link;
    }

    /// Whether to dial.
    enum Dial {
        START,
        /// There is a link or a dial, or the host is this one.
        NEEDLESS,
        NO_ROOM
    }

    /// What becomes of a link that came about.
    ///
    /// @param taken whether it is the one now; else it is to be closed
    /// @param replaced the one that it takes the place of, to be closed
    record Verdict<L>(boolean taken, Optional<L> replaced) {}

    LinkTable(String self, int entriesMax) {
        this.self = self;
        this.entriesMax = entriesMax;
    }

    synchronized List<L> all() {
        return entries.values().stream()
                .flatMap(entry -> Stream.ofNullable(entry.link))
                .toList();
    }

    synchronized boolean isLinked(String host) {
        Entry<L> entry = entries.get(host);
        return entry != null && entry.link != null;
    }

    /// Whether to dial now.
    synchronized Dial startDial(String host) {
        if (host.equals(self) || entries.containsKey(host)) {
            return Dial.NEEDLESS;
        }
        if (isFull()) {
            return Dial.NO_ROOM;
        }
        Entry<L> entry = new Entry<>();
        entry.dialling = true;
        entries.put(host, entry);
        return Dial.START;
    }

    /// The dial came to nothing.
    synchronized void failDial(String host) {
        Entry<L> entry = entries.get(host);
        if (entry != null) {
            entry.dialling = false;
            drop(host, entry);
        }
    }

    /// The dial came through, and the other end took it. There may be a link that the other end dialled meanwhile.
    synchronized Verdict<L> dialled(String host, L link) {
        Entry<L> entry = entries.computeIfAbsent(host, _ -> new Entry<>());
        entry.dialling = false;
        return entry.link == null || oursWins(host) ? take(entry, link, true) : new Verdict<>(false, Optional.empty());
    }

    /// The other end dialled. If we dial it too and our dial wins, it has to wait for that.
    synchronized Verdict<L> accepted(String host, L link) {
        Entry<L> entry = entries.get(host);
        boolean ours = entry != null && (entry.dialling || entry.dialled) && oursWins(host);
        if (ours || (entry == null && isFull())) {
            return new Verdict<>(false, Optional.empty());
        }
        return take(entries.computeIfAbsent(host, _ -> new Entry<>()), link, false);
    }

    /// The link is closed; if another took its place, that one stays.
    synchronized void remove(String host, L link) {
        Entry<L> entry = entries.get(host);
        if (entry != null && link.equals(entry.link)) {
            entry.link = null;
            entry.dialled = false;
            drop(host, entry);
        }
    }

    private Verdict<L> take(Entry<L> entry, L link, boolean dialled) {
        Optional<L> replaced = Optional.ofNullable(entry.link);
        entry.link = link;
        entry.dialled = dialled;
        return new Verdict<>(true, replaced);
    }

    private void drop(String host, Entry<L> entry) {
        if (!entry.dialling && entry.link == null) {
            entries.remove(host);
        }
    }

    private boolean isFull() {
        return entries.size() >= entriesMax;
    }

    private boolean oursWins(String host) {
        return self.compareTo(host) < 0;
    }
}
