package dev.muster.bench.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the runs come to.
///
/// @param data non-zero bytes of the first image
/// @param changedInPlace bytes of the second image's blocks that are nowhere in the first
/// @param changedRebuilt the same of the third image
record Report(Samples samples, long data, long changedInPlace, long changedRebuilt) {
    private static final double MIB = 1 << 20;
    private static final double GB = 1e9;

    /// By what each is called for people; those that need a program that is not here are left out.
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("publish, nothing new: GB/s", data / samples.median("publish-nothing-new.work") / GB);
        figures.put("publish, nothing new: CPU s/GB", samples.median("publish-nothing-new.workCpu") * GB / data);
        figures.put("publish, all new: GB/s", data / samples.median("publish-all-new.work") / GB);
        figures.put("publish, all new: CPU s/GB", samples.median("publish-all-new.workCpu") * GB / data);
        figures.put("publish, 64 GiB sparse: RSS MiB", samples.median("publish-sparse-64GiB.rss") / MIB);
        figures.put(
                "publish, 64 GiB sparse / its data alone: time",
                samples.median("publish-sparse-64GiB.work") / samples.median("publish-all-new.work"));
        figures.put("delta in place / changed", samples.median("publish-inplace.newBytes") / changedInPlace);
        figures.put("delta in place: chunks", samples.median("publish-inplace.newChunks"));
        figures.put("delta rebuilt / changed", samples.median("publish-rebuilt.newBytes") / changedRebuilt);
        figures.put("delta rebuilt: chunks", samples.median("publish-rebuilt.newChunks"));
        figures.put("restore: GB/s", data / samples.median("restore.work") / GB);
        figures.put("restore: CPU s/GB", samples.median("restore.workCpu") * GB / data);
        figures.put("v1 to v2 in place: written / changed", samples.median("convert.written") / changedInPlace);
        if (samples.has("casync.extract.wall")) {
            ratio(figures, "compressed delta in place / casync's", "publish-inplace.delta", "casync.delta-inplace");
            ratio(figures, "compressed delta rebuilt / casync's", "publish-rebuilt.delta", "casync.delta-rebuilt");
            ratio(figures, "casync make / publish, all new: time", "casync.make-v1.wall", "publish-all-new.wall");
            ratio(figures, "casync extract / restore: time", "casync.extract.wall", "restore.wall");
        }
        if (samples.has("qemu-img.convert.wall")) {
            ratio(figures, "qemu-img convert / restore: time", "qemu-img.convert.wall", "restore.wall");
        }
        return figures;
    }

    private void ratio(Map<String, Double> figures, String name, String one, String other) {
        figures.put(name, samples.median(one) / samples.median(other));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        figures().forEach((name, figure) -> lines.add(String.format(Locale.ROOT, "%-50s %10.3f", name, figure)));
        return lines;
    }
}
