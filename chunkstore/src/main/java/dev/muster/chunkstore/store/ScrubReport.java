package dev.muster.chunkstore.store;

import java.util.List;

/// What a scrub found.
///
/// @param checkedBytes how much of the segments was read
/// @param badChunks how many chunks were not as they were written, and are not here any more
/// @param repaired how many of these, and of bad manifest files, are here again
/// @param findings what was bad, also where it was repaired, at most [FsckReport#FINDINGS_MAX]
/// @param unlisted how many more findings there were
public record ScrubReport(long checkedBytes, long badChunks, long repaired, List<Finding> findings, long unlisted) {
    public ScrubReport {
        findings = List.copyOf(findings);
    }
}
