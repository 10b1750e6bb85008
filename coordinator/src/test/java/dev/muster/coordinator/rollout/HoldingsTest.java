package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.document.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

final class HoldingsTest {
    private static final int MANIFESTS = 6;

    /// Against a count host by host.
    @Seeded(runs = 200)
    void countsAreThoseOfTheHosts(RandomGenerator random) {
        Release release = release(random.nextInt(MANIFESTS), random.nextInt(MANIFESTS));
        List<HostReport.Stock> stocks = new ArrayList<>();
        int copies = 0;
        int keepers = 0;
        int coming = 0;
        for (int host = random.nextInt(80); host > 0; host--) {
            List<ManifestId> whole = new ArrayList<>();
            for (int i = 0; i < MANIFESTS; i++) {
                if (random.nextInt(4) > 0) {
                    whole.add(manifest(i));
                }
            }
            KeepRule rule = random.nextBoolean() ? KeepRule.parse("w*") : KeepRule.parse("db");
            stocks.add(HostReport.Stock.of(rule, whole));
            boolean has = release.artifacts().stream().allMatch(artifact -> whole.contains(artifact.manifest()));
            boolean keeps = rule.keeps("web");
            copies += has ? 1 : 0;
            keepers += keeps ? 1 : 0;
            coming += keeps && !has ? 1 : 0;
        }

        Holdings holdings = Holdings.of(stocks);

        assertEquals(copies, holdings.copies(release));
        assertEquals(keepers, holdings.keepers("web"));
        assertEquals(coming, holdings.coming(release));
    }

    private static Release release(int disk, int kernel) {
        return new Release(
                new Release.Name("web", "1"),
                1,
                Release.Fit.any(),
                1,
                List.of(artifact("disk", disk), artifact("kernel", kernel)),
                Release.Extras.none());
    }

    private static Artifact artifact(String role, int manifest) {
        return new Artifact(role, 1, new ContentId(Hash.of(new byte[] {9})), manifest(manifest));
    }

    private static ManifestId manifest(int i) {
        return new ManifestId(Hash.of(new byte[] {(byte) i}));
    }
}
