package dev.muster.coordinator.enrol;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.net.Membership;
import dev.muster.protocol.trust.document.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The hosts of the fleet. Safe for threads.
public final class Hosts {
    public static final int HOSTS_MAX = 100_000;

    private final RecordFiles<Host> files;
    private final ConcurrentSkipListMap<String, Host> hosts;

    private Hosts(RecordFiles<Host> files, ConcurrentSkipListMap<String, Host> hosts) {
        this.files = files;
        this.hosts = hosts;
    }

    public static Hosts open(Path directory) throws IOException {
        RecordFiles<Host> files = RecordFiles.open(directory, Host.Format.MAGIC, new Host.Format());
        return new Hosts(files, new ConcurrentSkipListMap<>(files.load()));
    }

    public Optional<Host> find(String id) {
        return Optional.ofNullable(hosts.get(id));
    }

    public Host get(String id) throws Unknown {
        return find(id).orElseThrow(() -> new Unknown("expected a host, found none called " + Names.printable(id, 80)));
    }

    /// By id.
    public Collection<Host> all() {
        return List.copyOf(hosts.values());
    }

    public int count() {
        return hosts.size();
    }

    synchronized void put(Host host) throws IOException {
        files.put(host.id(), host);
        hosts.put(host.id(), host);
    }

    /// Takes over what another coordinator of this fleet says of a host.
    public synchronized void adopt(Host host) throws IOException {
        if (!hosts.containsKey(host.id()) && hosts.size() >= HOSTS_MAX) {
            throw new StoreRefused("hosts: expected fewer than " + HOSTS_MAX + ", found as many");
        }
        put(host);
    }

    /// Says anew where the host is and what it is.
    public synchronized Host change(String id, Membership membership) throws IOException {
        Host changed = get(id).with(membership);
        put(changed);
        return changed;
    }

    /// Refuses the host everything from now on.
    public synchronized Host revoke(String id) throws IOException {
        Host revoked = get(id).revoke();
        put(revoked);
        return revoked;
    }
}
