package dev.muster.protocol.cluster;

import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The members of the cluster that a node saw last, in a file, one address a line. So whoever comes back
/// finds the others, whichever of them are still there, and does not begin a cluster of its own beside
/// theirs. Only hints: a file that cannot be read is no file.
public final class SeenMembers {
    private static final int FILE_BYTES_MAX = 1 << 16;
    private static final Logger LOG = System.getLogger(SeenMembers.class.getName());

    private final Path file;

    public SeenMembers(Path file) {
        this.file = file;
    }

    /// Opens the view with the configured members and those that were seen, and remembers from then on.
    public HazelcastFleet open(ClusterSettings settings, TlsKeys keys, FleetTrust trust) throws IOException {
        Set<Address> join = new LinkedHashSet<>(settings.join());
        join.addAll(read());
        join.remove(settings.address());
        List<Address> bounded = join.stream().limit(ClusterSettings.JOIN_MAX).toList();
        HazelcastFleet fleet =
                HazelcastFleet.open(new ClusterSettings(settings.fleet(), settings.address(), bounded), keys, trust);
        fleet.onChange(() -> remember(fleet.members()));
        return fleet;
    }

    private List<Address> read() throws IOException {
        List<Address> members = new ArrayList<>();
        if (Files.exists(file)) {
            try {
                String text = new String(DurableFile.read(file, FILE_BYTES_MAX), StandardCharsets.UTF_8);
                text.lines().map(Address::parse).forEach(members::add);
            } catch (IllegalArgumentException e) {
                LOG.log(Level.WARNING, "seen members not read: file={0} cause={1}", file, e.getMessage());
            }
        }
        return members;
    }

    /// A node that is alone keeps what it knew.
    private void remember(List<Address> members) {
        String text = members.stream().map(Address::toString).sorted().collect(Collectors.joining("\n", "", "\n"));
        try {
            if (members.size() > 1 && !(Files.exists(file) && text.equals(Files.readString(file)))) {
                DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "members not remembered: file={0} cause={1}", file, e.getMessage());
        }
    }
}
