package dev.muster.chunkstore.store;

import java.util.List;

/// What became of a store that was rebuilt from its segments.
///
/// @param counts what there is now
/// @param scannedBytes how much of the segments was read
/// @param findings what could not be kept, and why, at most [FsckReport#FINDINGS_MAX]
/// @param unlisted how many more findings there were
/// @param setAside files that nobody reads any more, by their new names, within the store's directory
public record RebuildReport(
        StoreCounts counts, long scannedBytes, List<Finding> findings, long unlisted, List<String> setAside) {
    public RebuildReport {
        findings = List.copyOf(findings);
        setAside = List.copyOf(setAside);
    }
}
