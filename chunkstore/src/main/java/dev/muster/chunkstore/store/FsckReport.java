package dev.muster.chunkstore.store;

import java.util.List;

/// What a check of a whole store found.
///
/// @param counts what the journal says there is
/// @param checkedBytes how much of the segments was read
/// @param findings in the order in which they were found, at most [#FINDINGS_MAX]
/// @param unlisted how many more findings there were
public record FsckReport(
        Fsck.Level level, StoreCounts counts, long checkedBytes, List<Finding> findings, long unlisted) {
    public static final int FINDINGS_MAX = 10_000;

    public FsckReport {
        findings = List.copyOf(findings);
    }

    /// Whether everything that the store promised is there, as far as the level goes.
    public boolean isWhole() {
        return findings.stream().noneMatch(finding -> finding.kind().isDamage());
    }
}
