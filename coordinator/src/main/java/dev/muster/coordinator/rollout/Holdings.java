package dev.muster.coordinator.rollout;

import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.document.Release;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who has and who keeps what at one moment, as hosts say it. For one thread.
public final class Holdings {
    private final List<KeepRule> rules = new ArrayList<>();

    /// The hosts, by their place in the list of rules, that have a manifest whole, by its short form.
    private final Map<Long, BitSet> whole = new HashMap<>();

    private final Map<String, BitSet> keepers = new HashMap<>();

    /// @param stocks one of each host that counts
    public static Holdings of(Collection<HostReport.Stock> stocks) {
        Holdings holdings = new Holdings();
        for (HostReport.Stock stock : stocks) {
            int host = holdings.rules.size();
            holdings.rules.add(stock.keeps());
            stock.whole()
                    .forEach(manifest -> holdings.whole
                            .computeIfAbsent(manifest, _ -> new BitSet())
                            .set(host));
        }
        return holdings;
    }

    private Holdings() {}

    /// How many hosts have all of a release.
    public int copies(Release release) {
        return holders(release).cardinality();
    }

    /// How many hosts keep the releases of a name.
    public int keepers(String name) {
        return keepersOf(name).cardinality();
    }

    /// How many hosts keep a release that they do not have yet.
    public int coming(Release release) {
        BitSet coming = (BitSet) keepersOf(release.name().name()).clone();
        coming.andNot(holders(release));
        return coming.cardinality();
    }

    private BitSet holders(Release release) {
        BitSet holders = new BitSet();
        holders.set(0, rules.size());
        for (Artifact artifact : release.artifacts()) {
            holders.and(whole.getOrDefault(HostReport.Stock.brief(artifact.manifest()), new BitSet()));
        }
        return holders;
    }

    private BitSet keepersOf(String name) {
        return keepers.computeIfAbsent(name, _ -> {
            BitSet hosts = new BitSet();
            for (int host = 0; host < rules.size(); host++) {
                hosts.set(host, rules.get(host).keeps(name));
            }
            return hosts;
        });
    }
}
