package dev.muster.agent;

import dev.muster.agent.enrol.Enrolled;
import dev.muster.protocol.cluster.ClusterSettings;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.HazelcastFleet;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// How this host sees the fleet: as a member of the cluster, or not at all. Members that it saw are kept in a file, one
/// address a line, so that agents find each other again with every coordinator gone.
final class Clusters {
    private static final int FILE_BYTES_MAX = 1 << 16;
    private static final Logger LOG = System.getLogger(Clusters.class.getName());

    private Clusters() {}

    /// @param seen the file of members seen before
    static Fleet open(AgentConfig config, Enrolled enrolled, Path seen) throws IOException {
        if (!config.cluster().enabled()) {
            return new NoFleet();
        }
        Set<Address> join = new LinkedHashSet<>(enrolled.cluster());
        join.addAll(read(seen));
        HazelcastFleet fleet = HazelcastFleet.open(new ClusterSettings(
                enrolled.fleet(),
                new Address(config.address().host(), config.cluster().port()),
                join.stream().limit(ClusterSettings.JOIN_MAX).toList(),
                config.cluster().allowPlain()));
        fleet.onChange(() -> remember(fleet.members(), seen));
        return fleet;
    }

    private static List<Address> read(Path seen) throws IOException {
        if (!Files.exists(seen)) {
            return List.of();
        }
        try {
            return new String(DurableFile.read(seen, FILE_BYTES_MAX), StandardCharsets.UTF_8)
                    .lines()
                    .map(Address::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "remembered members not read: file={0} cause={1}", seen, e.getMessage());
            return List.of();
        }
    }

    private static void remember(List<Address> members, Path seen) {
        String text = members.stream().map(Address::toString).sorted().collect(Collectors.joining("\n", "", "\n"));
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            boolean more = members.size() > 1;
            if (more && !(Files.exists(seen) && text.equals(Files.readString(seen)))) {
                DurableFile.write(seen, bytes);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "members not remembered: file={0} cause={1}", seen, e.getMessage());
        }
    }
}
