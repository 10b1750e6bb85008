package dev.muster.agent.delivery;

import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where peers were last seen, on disk, so that a host finds them with the cluster and every coordinator gone. One peer
/// a
/// line: id, site, address. Only hints: a line that cannot be read is passed over.
public final class AddressBook {
    private static final int PEERS_MAX = 4096;
    private static final int FILE_BYTES_MAX = 1 << 20;

    private final Path file;
    private final Map<String, PeerAddress> peers = new LinkedHashMap<>();
    private boolean changed;

    private AddressBook(Path file) {
        this.file = file;
    }

    public static AddressBook open(Path file) throws IOException {
        AddressBook book = new AddressBook(file);
        if (Files.exists(file)) {
            String text = new String(DurableFile.read(file, FILE_BYTES_MAX), StandardCharsets.UTF_8);
            text.lines().forEach(book::readLine);
        }
        return book;
    }

    /// Remembers a peer; the newest word counts.
    public synchronized void put(PeerAddress peer) {
        if (!peer.equals(peers.get(peer.host())) && (peers.size() < PEERS_MAX || peers.containsKey(peer.host()))) {
            peers.put(peer.host(), peer);
            changed = true;
        }
    }

    public synchronized List<PeerAddress> peers() {
        return List.copyOf(peers.values());
    }

    /// Writes the file if anything is new.
    public synchronized void save() throws IOException {
        if (changed) {
            StringBuilder text = new StringBuilder();
            peers.values()
                    .forEach(peer -> text.append(peer.host())
                            .append(' ')
                            .append(peer.site())
                            .append(' ')
                            .append(peer.address())
                            .append('\n'));
            DurableFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
            changed = false;
        }
    }

    private void readLine(String line) {
        String[] words = line.split(" ", -1);
        if (words.length == 3 && peers.size() < PEERS_MAX) {
            try {
                peers.put(words[0], new PeerAddress(words[0], words[1], Address.parse(words[2])));
            } catch (IllegalArgumentException _) {
                // A hint that cannot be read is no hint.
            }
        }
    }
}
