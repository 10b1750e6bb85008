package dev.muster.protocol.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TcpIpConfig;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.wire.Address;
import java.util.Map;

/// Hazelcast's configuration for a member, with everything off that is not needed: TLS lets in only the fleet's own,
/// but one of those may be hostile, and what it can reach must be little.
final class MemberConfig {
    /// The minor version is part of the cluster's name: members of two minors cannot be in one cluster, so they do not
    /// try.
    private static final String CLUSTER_NAME_SUFFIX = "-hz57";

    /// How long to ask around for a cluster before being the first of one. Two that came about apart find each other
    /// later.
    private static final int JOIN_SECONDS = 5;

    /// Classes that Java serialization may make: the failures that one member reports to another.
    private static final String[] DESERIALIZABLE = {
        "java.lang.Throwable",
        "java.lang.Exception",
        "java.lang.RuntimeException",
        "java.lang.IllegalStateException",
        "java.lang.IllegalArgumentException",
        "java.lang.StackTraceElement",
        "[Ljava.lang.StackTraceElement;",
        "java.util.Collections$EmptyList",
        "java.lang.Enum",
        "com.hazelcast.cluster.ClusterState",
        "com.hazelcast.core.HazelcastException",
        "com.hazelcast.core.HazelcastInstanceNotActiveException",
        "com.hazelcast.core.MemberLeftException",
        "com.hazelcast.spi.exception.CallerNotMemberException",
        "com.hazelcast.spi.exception.PartitionMigratingException",
        "com.hazelcast.spi.exception.RetryableException",
        "com.hazelcast.spi.exception.RetryableHazelcastException",
        "com.hazelcast.spi.exception.TargetNotMemberException",
        "com.hazelcast.spi.exception.WrongTargetException"
    };

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "jdk"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.socket.bind.any", "false"),
            Map.entry("hazelcast.socket.connect.timeout.seconds", "3"),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.heartbeat.interval.seconds", "3"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", "15"),
            Map.entry("hazelcast.mastership.claim.timeout.seconds", "15"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "15"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "15"),
            // A view that changes a few times a second needs no thread for each core.
            Map.entry("hazelcast.io.thread.count", "1"),
            Map.entry("hazelcast.operation.thread.count", "2"),
            Map.entry("hazelcast.operation.generic.thread.count", "2"),
            Map.entry("hazelcast.operation.response.thread.count", "1"),
            Map.entry("hazelcast.event.thread.count", "1"));

    private MemberConfig() {}

    static Config of(ClusterSettings settings, String mapName) throws BadConfiguration {
        Config config = new Config();
        PROPERTIES.forEach(config::setProperty);
        config.setClusterName("muster-" + settings.fleet() + CLUSTER_NAME_SUFFIX);
        String host = settings.bindHost();
        config.setProperty("hazelcast.prefer.ipv4.stack", String.valueOf(host.indexOf(':') < 0));
        // The very address, and not a choice among the interfaces: all of 127.0.0.0/8 is local, and only 127.0.0.1 is
        // listed.
        config.setProperty("hazelcast.local.localAddress", host);
        config.setAdvancedNetworkConfig(network(settings));
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getManagementCenterConfig()
                .setScriptingEnabled(false)
                .setConsoleEnabled(false)
                .setDataAccessEnabled(false);
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(only(DESERIALIZABLE))
                .getCompactSerializationConfig()
                .setZeroConfigFilter(only());
        config.addReplicatedMapConfig(new ReplicatedMapConfig(mapName)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setAsyncFillup(true)
                .setStatisticsEnabled(false));
        return config;
    }

    /// Only members may connect: with an endpoint for members alone, the port knows no client, REST or memcache
    /// protocol.
    private static AdvancedNetworkConfig network(ClusterSettings settings) {
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig()
                .setPort(settings.address().port())
                .setPortAutoIncrement(false)
                .setPortCount(1);
        AdvancedNetworkConfig network =
                new AdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        TcpIpConfig tcp = join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(JOIN_SECONDS);
        settings.join().stream().map(Address::toString).forEach(tcp::addMember);
        return network;
    }

    /// With the defaults off, an empty list would mean "everything" to Java serialization and "nothing" to Compact.
    private static JavaSerializationFilterConfig only(String... classes) {
        return new JavaSerializationFilterConfig()
                .setDefaultsDisabled(true)
                .setWhitelist(new ClassFilter().addClasses(classes));
    }
}
