package dev.muster.agent;

import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.enrol.Member;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.cluster.AttachedFleet;
import dev.muster.protocol.cluster.AttachedFleet.Times;
import dev.muster.protocol.cluster.Attachments;
import dev.muster.protocol.cluster.ClusterSettings;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.HazelcastFleet;
import dev.muster.protocol.cluster.LateFleet;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.cluster.SeenMembers;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// How this host sees the fleet. It is a member of the cluster if that has room, attached to members among its
/// peers otherwise, and sees itself alone if it shall not take part.
///
/// All members see the same list of members, so each knows by itself whether it is one too many: those with the
/// lowest addresses stay. Who is attached and hears of no member any more becomes one.
final class Clusters implements Closeable {
    private static final Logger LOG = System.getLogger(Clusters.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final Fleet fleet;
    private final Attachments attachments;
    private final AtomicReference<Optional<AttachedFleet>> attached;

    private Clusters(Fleet fleet, AtomicReference<Optional<AttachedFleet>> attached) {
        this.fleet = fleet;
        this.attachments = Attachments.open(fleet, Times.DEFAULT);
        this.attached = attached;
    }

    /// Nothing here waits for the cluster.
    ///
    /// @param trust in other members, as it is when this host becomes one
    /// @param seen the file of members seen before
    /// @param swarms by whose connections peers are told, where there is no cluster for this host
    /// @throws dev.muster.protocol.MusterException.BadConfiguration if members may not listen or join there
    static Clusters open(AgentConfig config, Member self, Supplier<FleetTrust> trust, Path seen, Swarms swarms)
            throws IOException {
        AtomicReference<Optional<AttachedFleet>> attached = new AtomicReference<>(Optional.empty());
        if (!config.cluster().enabled()) {
            return new Clusters(new NoFleet(), attached);
        }
        ClusterSettings settings = new ClusterSettings(
                self.enrolled().fleet(),
                new Address(config.address().host(), config.cluster().port()),
                self.enrolled().cluster());
        settings.check();
        SeenMembers members = new SeenMembers(seen);
        int most = config.cluster().membersMax();
        LateFleet.Opener opener = now -> switch (now) {
            case HazelcastFleet member when member.isOneOf(most) -> now;
            case AttachedFleet other when !other.isAlone() -> now;
            case HazelcastFleet _ -> attach(swarms, attached);
            case Fleet _ -> member(members.open(settings, self.keys(), trust.get()), most, swarms, attached);
        };
        return new Clusters(LateFleet.open(opener, AGAIN), attached);
    }

    private static Fleet member(
            HazelcastFleet member, int most, Swarms swarms, AtomicReference<Optional<AttachedFleet>> attached) {
        if (member.isOneOf(most)) {
            attached.set(Optional.empty());
            return member;
        }
        member.close();
        return attach(swarms, attached);
    }

    private static Fleet attach(Swarms swarms, AtomicReference<Optional<AttachedFleet>> attached) {
        LOG.log(Level.INFO, "attached: the cluster has as many members as it is to have");
        AttachedFleet fleet = AttachedFleet.open(
                bytes -> swarms.tellAll(new Message.Here(true, ByteBuffer.wrap(bytes))), Times.DEFAULT);
        attached.set(Optional.of(fleet));
        return fleet;
    }

    /// What this host sees.
    Fleet fleet() {
        return fleet;
    }

    /// A peer says what it is, or passes on what another one is.
    void here(PeerLink from, Message.Here here) {
        byte[] bytes = new byte[here.presence().remaining()];
        here.presence().duplicate().get(bytes);
        try {
            if (here.own()) {
                attachments.here(from.host(), bytes, told -> from.send(new Message.Here(false, ByteBuffer.wrap(told))));
            } else if (attached.get().isPresent()) {
                attached.get().get().heard(bytes);
            }
        } catch (Corrupt e) {
            from.close(String.valueOf(e.getMessage()));
        }
    }

    void disconnected(String host) {
        attachments.lost(host);
    }

    @Override
    public void close() {
        attachments.close();
        fleet.close();
    }
}
