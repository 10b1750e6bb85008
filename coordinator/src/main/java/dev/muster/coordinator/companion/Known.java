package dev.muster.coordinator.companion;

import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.rollout.Groups;

/// Whom a coordinator knows, and by which names.
public record Known(Hosts hosts, Groups groups) {

    Ledger ledger() {
        return Ledger.of(hosts.all(), groups.all());
    }

    /// What another coordinator is told.
    ///
    /// @param after the revision that it has
    public byte[] tell(long after) {
        Ledger now = ledger();
        return (now.revision() == after ? now.bare() : now).encode();
    }
}
