package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.Finding.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Whether every place lies inside a segment, and none on another. What has no right place is taken out of the index;
/// of two that overlap, nobody knows which one is wrong.
final class PlaceCheck {
    /// A place as one number that sorts by where it lies: the rank of its segment among up to 8 million, its block,
    /// its length.
    private static final int BLOCK_SHIFT = 9;

    private static final int RANK_SHIFT = 40;

    private final ChunkIndex chunks;
    private final Map<Integer, Integer> segmentBlocks;
    private final Findings findings;

    /// @param segmentBlocks how long each segment is, of those that are right as files
    PlaceCheck(ChunkIndex chunks, Map<Integer, Integer> segmentBlocks, Findings findings) {
        this.chunks = chunks;
        this.segmentBlocks = segmentBlocks;
        this.findings = findings;
    }

    void run() {
        checkInside();
        checkApart();
    }

    private void checkInside() {
        Map<Integer, Integer> lost = new TreeMap<>();
        chunks.forEach((_, id, place) -> {
            Integer blocks = segmentBlocks.get(place.segment());
            if (blocks == null) {
                lost.merge(place.segment(), 1, Integer::sum);
                chunks.remove(id, place);
            } else if (place.end() > blocks || place.end() < 0) {
                findings.add(Kind.CHUNK, id.toString(), where(place), "expected it inside " + blocks + " blocks");
                chunks.remove(id, place);
            }
        });
        lost.forEach((segment, count) -> {
            String name = "segments/" + SegmentFormat.fileName(segment);
            findings.add(Kind.SEGMENT, name, name, "expected " + count + " chunks in it, found no such segment");
        });
    }

    private void checkApart() {
        List<Integer> segments = segmentBlocks.keySet().stream().sorted().toList();
        Map<Integer, Integer> ranks = new TreeMap<>();
        segments.forEach(segment -> ranks.put(segment, ranks.size()));
        long[] places = new long[chunks.size()];
        int[] count = {0};
        chunks.forEach((_, _, place) -> places[count[0]++] = (long) ranks.getOrDefault(place.segment(), 0) << RANK_SHIFT
                | (long) place.block() << BLOCK_SHIFT
                | place.blocks());
        Arrays.sort(places);
        for (int i = 1; i < places.length; i++) {
            long end = (places[i - 1] >>> BLOCK_SHIFT) + (places[i - 1] & (1 << BLOCK_SHIFT) - 1);
            if (end > places[i] >>> BLOCK_SHIFT) {
                int segment = segments.get((int) (places[i] >>> RANK_SHIFT));
                int block = (int) (places[i] >>> BLOCK_SHIFT & Integer.MAX_VALUE);
                findings.add(
                        Kind.CHUNK,
                        chunksAt(segment, block),
                        where(segment, block),
                        "expected it behind the chunk before, found it " + (end - (places[i] >>> BLOCK_SHIFT))
                                + " blocks inside");
            }
        }
    }

    private String chunksAt(int segment, int block) {
        return String.join(
                " and ",
                chunks.inSegment(segment).stream()
                        .filter(entry -> entry.place().block() == block)
                        .map(entry -> entry.id().toString())
                        .toList());
    }

    static String where(Place place) {
        return where(place.segment(), place.block());
    }

    private static String where(int segment, int block) {
        return "segments/" + SegmentFormat.fileName(segment) + " block " + block;
    }
}
