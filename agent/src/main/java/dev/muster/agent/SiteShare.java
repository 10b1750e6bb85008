package dev.muster.agent;

import dev.muster.protocol.cluster.Presence;
import java.util.Collection;
import java.util.function.IntSupplier;

/// How many hosts of this site fetch over the WAN, as far as this one knows: all, up to the gateways that a
/// site has.
final class SiteShare implements IntSupplier {
    private static final int GATEWAYS = 4;

    private final String site;
    private volatile int hosts = 1;

    SiteShare(String site) {
        this.site = site;
    }

    void update(Collection<Presence> present) {
        hosts = (int) present.stream()
                .filter(presence -> presence.kind() == Presence.Kind.AGENT
                        && presence.node().site().equals(site))
                .limit(GATEWAYS)
                .count();
    }

    @Override
    public int getAsInt() {
        return Math.max(1, hosts);
    }
}
