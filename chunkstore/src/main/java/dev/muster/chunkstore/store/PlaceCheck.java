package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.Finding.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Whether every place lies inside a segment, and none on another. What has no right place is taken out of the index;
/// of two that overlap, nobody knows which one is wrong.
final class PlaceCheck {
    /// A place as one number that sorts by where it lies: the rank of its segment among up to 8 million, 31 bits of its
    /// block, 9 of its length.
    private static final int RANK_SHIFT = 31;

    private static final int LENGTH_BITS = 9;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

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
        chunks.forEach((id, place) -> {
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
        chunks.forEach((_, place) -> {
            long start = ((long) ranks.getOrDefault(place.segment(), 0) << RANK_SHIFT) | place.block();
            places[count[0]++] = (start << LENGTH_BITS) | place.blocks();
        });
        Arrays.sort(places);
        for (int i = 1; i < places.length; i++) {
            long end = (places[i - 1] >>> LENGTH_BITS) + (places[i - 1] & LENGTH_MASK);
            long start = places[i] >>> LENGTH_BITS;
            if (end > start) {
                int segment = segments.get((int) (start >>> RANK_SHIFT));
                int block = (int) start & Integer.MAX_VALUE;
                String message = "expected it behind the chunk before, found it " + (end - start) + " blocks inside";
                findings.add(Kind.CHUNK, chunksAt(segment, block), where(segment, block), message);
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
