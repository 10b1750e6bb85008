package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.trust.document.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/// The groups that operators have named. Safe for threads.
public final class Groups {
    public static final int GROUPS_MAX = 1000;

    private final RecordFiles<Group> files;
    private final ConcurrentSkipListMap<String, Group> groups;

    private Groups(RecordFiles<Group> files, ConcurrentSkipListMap<String, Group> groups) {
        this.files = files;
        this.groups = groups;
    }

    public static Groups open(Path directory) throws IOException {
        RecordFiles<Group> files = RecordFiles.open(directory, Group.Format.MAGIC, new Group.Format());
        ConcurrentSkipListMap<String, Group> groups = new ConcurrentSkipListMap<>(files.load());
        groups.put(Group.ALL.name(), Group.ALL);
        return new Groups(files, groups);
    }

    public Group get(String name) throws Unknown {
        Group group = groups.get(name);
        if (group == null) {
            throw new Unknown(
                    "expected a group, found none called " + Names.printable(name, 80) + "; see: muster group list");
        }
        return group;
    }

    /// By name.
    public List<Group> all() {
        return List.copyOf(groups.values());
    }

    /// Names a set of hosts, anew if the name is taken. What is pinned already stays pinned for the hosts it was pinned
    /// for.
    public synchronized void put(Group group) throws IOException {
        if (group.name().equals(Group.ALL.name())) {
            throw new BadConfiguration("group all: expected another name, found that of every host");
        }
        if (!groups.containsKey(group.name()) && groups.size() >= GROUPS_MAX) {
            throw new BadConfiguration("group: expected fewer than " + GROUPS_MAX + ", found as many");
        }
        files.put(group.name(), group);
        groups.put(group.name(), group);
    }
}
