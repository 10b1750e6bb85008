package dev.muster.agent.enrol;

import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The home of a host that was enrolled at some time, by a coordinator that nobody reaches any more.
public final class EnrolledHome {
    private EnrolledHome() {}

    public static void make(Path home, RootChain roots, TlsIdentity identity) throws IOException {
        new Enrolled(
                        identity.subject().id(),
                        identity.subject().fleet(),
                        new TreeMap<>(Map.of("site", "a")),
                        roots,
                        List.of(new Address("127.0.0.1", 1)),
                        List.of())
                .save(home);
        identity.save(home.resolve("identity.pem"));
    }
}
