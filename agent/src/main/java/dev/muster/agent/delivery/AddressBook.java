package dev.muster.agent.delivery;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Where peers were last seen, on disk, so that a host finds them with the cluster and every coordinator gone. One
/// peer a line: id, site, address, and `heard` where only another peer said so. Only hints: a line that cannot be
/// read is passed over. What was heard never takes the place of what the peer itself said, and goes first when the
/// book is full.
public final class AddressBook {
    static final int PEERS_MAX = 4096;

    /// Two names, a host name, a port, a word, and what stands between them.
    private static final int LINE_BYTES_MAX = 400;

    private static final int FILE_BYTES_MAX = PEERS_MAX * LINE_BYTES_MAX;
    private static final String HEARD = "heard";
    private static final Logger LOG = System.getLogger(AddressBook.class.getName());

    private final Path file;
    /// From the cluster or a link; the one seen last comes last.
    private final SequencedMap<String, PeerAddress> seen = new LinkedHashMap<>();
    /// From other peers.
    private final SequencedMap<String, PeerAddress> heard = new LinkedHashMap<>();
    private boolean changed;

    private AddressBook(Path file) {
        this.file = file;
    }

    /// The book in a file; an empty one if the file is not there, or is no book.
    public static AddressBook open(Path file) throws IOException {
        AddressBook book = new AddressBook(file);
        if (Files.exists(file)) {
            try {
                String text = new String(DurableFile.read(file, FILE_BYTES_MAX), StandardCharsets.UTF_8);
                text.lines().forEach(book::readLine);
            } catch (Corrupt e) {
                LOG.log(Level.WARNING, "remembered peers not read: cause={0}", e.getMessage());
            }
        }
        book.changed = false;
        return book;
    }

    /// Remembers what a peer says of itself; the newest word counts.
    public synchronized void put(PeerAddress peer) {
        PeerAddress before = seen.remove(peer.host());
        boolean news = heard.remove(peer.host()) != null || !peer.equals(before);
        makeRoom();
        seen.put(peer.host(), peer);
        changed |= news;
    }

    /// Remembers where a peer was reached, unless it says itself where it is: that may be a name, and this one of the
    /// addresses behind it.
    public synchronized void met(PeerAddress peer) {
        if (!seen.containsKey(peer.host())) {
            put(peer);
        }
    }

    /// Remembers what one peer says of another, if nothing better is known and there is room.
    public synchronized void hear(PeerAddress peer) {
        if (!seen.containsKey(peer.host()) && seen.size() < PEERS_MAX) {
            PeerAddress before = heard.remove(peer.host());
            makeRoom();
            heard.put(peer.host(), peer);
            changed |= !peer.equals(before);
        }
    }

    /// Whether a peer is known by its own word, or was met.
    public synchronized boolean isSeen(String host) {
        return seen.containsKey(host);
    }

    /// All of them, first those that were seen.
    public synchronized List<PeerAddress> peers() {
        List<PeerAddress> peers = new ArrayList<>(seen.values());
        peers.addAll(heard.values());
        return peers;
    }

    /// Writes the file if anything is new. For one thread; nobody else waits for the disk.
    public void save() throws IOException {
        StringBuilder text = new StringBuilder();
        synchronized (this) {
            if (!changed) {
                return;
            }
            seen.values().forEach(peer -> text.append(line(peer)).append('\n'));
            heard.values()
                    .forEach(peer ->
                            text.append(line(peer)).append(' ').append(HEARD).append('\n'));
            changed = false;
        }
        try {
            DurableFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            synchronized (this) {
                changed = true;
            }
            throw e;
        }
    }

    /// Forgets the oldest if there are as many as there may be.
    private void makeRoom() {
        if (seen.size() + heard.size() >= PEERS_MAX) {
            (heard.isEmpty() ? seen : heard).pollFirstEntry();
        }
    }

    private static String line(PeerAddress peer) {
        return peer.host() + " " + peer.site() + " " + peer.address();
    }

    private void readLine(String line) {
        String[] words = line.split(" ", -1);
        if (words.length < 3 || words.length > 4) {
            return;
        }
        try {
            PeerAddress peer = new PeerAddress(words[0], words[1], Address.parse(words[2]));
            if (words.length == 3) {
                put(peer);
            } else if (words[3].equals(HEARD)) {
                hear(peer);
            }
        } catch (IllegalArgumentException _) {
            // A hint that cannot be read is no hint.
        }
    }
}
