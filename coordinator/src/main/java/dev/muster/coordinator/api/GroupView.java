package dev.muster.coordinator.api;

import dev.muster.coordinator.rollout.Group;
import dev.muster.protocol.trust.document.Scope;
import java.util.List;
import java.util.Map;

/// A group in JSON: labels to match, or hosts.
record GroupView(String name, Map<String, String> match, List<String> hosts, int priority) {

    static GroupView of(Group group) {
        return switch (group.scope()) {
            case Scope.Match(var labels) -> new GroupView(group.name(), labels, List.of(), group.priority());
            case Scope.Hosts(var hosts) -> new GroupView(group.name(), Map.of(), hosts, group.priority());
        };
    }
}
