package dev.muster.coordinator;

import dev.muster.coordinator.catalog.Roots;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// The home of a coordinator before it first runs: the fleet's roots, a CA of its own under the fleet's, its
/// certificate,
/// and its director key.
public final class CoordinatorHome {
    static final Duration INTERMEDIATE_LIFE = Duration.ofDays(10 * 365);
    private static final String DIRECTOR = "director.pem";

    private CoordinatorHome() {}

    /// What a home is made with.
    ///
    /// @param roots from the fleet's first on
    /// @param director a new key; the coordinator starts when a root names it
    public record Means(FleetCa caRoot, List<Envelope> roots, SigningKey director) {
        public Means {
            roots = List.copyOf(roots);
        }
    }

    /// @param address where it will be reached
    /// @throws BadConfiguration if there is one already
    public static void create(Path home, Subject coordinator, Address address, Means means, Instant now)
            throws IOException {
        if (Files.exists(home.resolve(DIRECTOR))) {
            throw new BadConfiguration(home + ": expected no coordinator there, found one");
        }
        DurableFile.createDirectory(home, true);
        FleetCa ca = means.caRoot.createIntermediate(
                coordinator.fleet(), coordinator.id(), Validity.from(now, INTERMEDIATE_LIFE));
        ca.save(home.resolve("ca.pem"));
        Validity life = Validity.from(now, CoordinatorConfig.Lives.defaults().coordinator());
        ca.issueIdentity(coordinator, Set.of(address.host()), life).save(home.resolve("tls.pem"));
        Roots.create(home.resolve("roots"), means.roots.getFirst());
        Roots roots = Roots.open(home.resolve("roots"));
        for (Envelope next : means.roots) {
            var _ = roots.step(next);
        }
        means.director.save(home.resolve(DIRECTOR));
    }
}
