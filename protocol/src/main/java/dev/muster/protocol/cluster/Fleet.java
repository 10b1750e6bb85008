package dev.muster.protocol.cluster;

import dev.muster.protocol.trust.key.FleetTrust;
import java.io.Closeable;
import java.util.Collection;

/// The nodes of a fleet that are there now, as they say of themselves. Safe for many threads; nothing here
/// waits for another node.
public interface Fleet extends Closeable {

    /// Says, in place of what was said before, what this node is and has. The others see it within about a
    /// second, and for as long as this fleet is open.
    void publish(Presence self);

    /// Says what another node, which is not in the cluster, says of itself. The others see it for as long as
    /// that is repeated every 10 seconds. Where there is no cluster nothing happens.
    void vouch(Presence attached);

    /// Every node that is alive, with this one if it has published. A node that went without a word is here for
    /// another 15 to 30 seconds.
    Collection<Presence> present();

    /// Calls `listener` after [#present] has changed; many changes may be one call. Calls come one after the
    /// other on a thread of the fleet's own, which the listener must not hold up.
    void onChange(Runnable listener);

    /// From now on `trust` decides who comes in, where nodes show who they are; those that are in stay, but for those
    /// that it calls revoked.
    default void trust(FleetTrust trust) {}

    /// Closes the connections with nodes that the trust has come to call revoked.
    default void sendAwayRevoked() {}

    /// Takes this node out of the view and returns soon, whatever the others do.
    @Override
    void close();
}
