package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Scope;
import java.io.IOException;

/// A name for a set of hosts.
///
/// @param priority that its pins have
public record Group(String name, Scope scope, int priority) {
    /// Every host: always there.
    public static final Group ALL = new Group("all", Scope.all(), 0);

    private static final int PRIORITY_PER_LABEL = 100;
    private static final int PRIORITY_OF_HOSTS = 10_000;

    public Group {
        Names.require("group", name);
        if (priority < 0 || priority > Pin.Terms.PRIORITY_MAX) {
            throw new IllegalArgumentException("group " + name + ": expected a priority of 0 to "
                    + Pin.Terms.PRIORITY_MAX + ", found " + priority);
        }
    }

    /// What a group has of which nobody said otherwise: the more a scope says, the more it counts.
    public static int priorityOf(Scope scope) {
        return switch (scope) {
            case Scope.Match(var labels) -> labels.size() * PRIORITY_PER_LABEL;
            case Scope.Hosts _ -> PRIORITY_OF_HOSTS;
        };
    }

    public void write(ByteWriter out) {
        scope.write(out.text(name));
        out.u16(priority);
    }

    /// @throws IllegalArgumentException for what is no group
    public static Group read(ByteReader in) throws IOException {
        return new Group(in.text(64), Scope.read(in), in.u16());
    }

    /// text name | scope | u16 priority.
    static final class Format implements RecordFiles.Fields<Group> {
        static final String MAGIC = "MSTRGRUP";

        @Override
        public void write(Group group, ByteWriter out) {
            group.write(out);
        }

        @Override
        public Group read(ByteReader in) throws IOException {
            return Group.read(in);
        }
    }
}
