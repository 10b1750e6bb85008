package dev.muster.coordinator.companion;

import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.rollout.Group;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.protocol.MusterException.Unknown;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What another coordinator said last of each host and group, so that a change is known from a difference. For one
/// thread.
final class Heard {
    private final Hosts hosts;
    private final Groups groups;
    private final Map<String, Host> saidOfHosts = new HashMap<>();
    private final Map<String, Group> saidOfGroups = new HashMap<>();

    Heard(Hosts hosts, Groups groups) {
        this.hosts = hosts;
        this.groups = groups;
    }

    /// Takes over what is not known here, and what was changed there and not here. Who is revoked stays so.
    void take(Ledger ledger) throws IOException {
        for (Host theirs : ledger.hosts()) {
            take(theirs);
        }
        for (Group theirs : ledger.groups()) {
            take(theirs);
        }
    }

    private void take(Host theirs) throws IOException {
        Optional<Host> ours = hosts.find(theirs.id());
        Host before = saidOfHosts.put(theirs.id(), theirs);
        if (ours.isEmpty() || (ours.get().equals(before) && !theirs.equals(before))) {
            boolean revoked = theirs.revoked() || ours.map(Host::revoked).orElse(false);
            hosts.adopt(revoked ? theirs.revoke() : theirs);
        } else if (theirs.revoked() && !ours.get().revoked()) {
            hosts.adopt(ours.get().revoke());
        }
    }

    private void take(Group theirs) throws IOException {
        Group before = saidOfGroups.put(theirs.name(), theirs);
        Optional<Group> ours = known(theirs.name());
        if (ours.isEmpty() || (ours.get().equals(before) && !theirs.equals(before))) {
            groups.put(theirs);
        }
    }

    private Optional<Group> known(String name) {
        try {
            return Optional.of(groups.get(name));
        } catch (Unknown _) {
            return Optional.empty();
        }
    }
}
