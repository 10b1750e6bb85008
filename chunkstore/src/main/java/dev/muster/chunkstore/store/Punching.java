package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Gives the room of places in segments back to the file system, several at a time: where the file system passes
/// each hole on to the device at once (ext4 without a journal, mounted with `discard`), most of it is waiting.
/// For one thread at a time.
final class Punching {
    private static final int THREADS = 8;

    /// How many holes a thread makes before it takes the next ones; so many are made without another thread.
    private static final int PART_HOLES = 64;

    private final OpenSegments segments;
    private volatile boolean possible = true;

    Punching(OpenSegments segments) {
        this.segments = segments;
    }

    /// Blocks of a segment, one after the other.
    private record Hole(int segment, int block, int end) {}

    /// False once the file system has shown that it cannot.
    boolean isPossible() {
        return possible;
    }

    /// @param due in order
    /// @return those whose room is given back, for good
    List<Place> punch(List<Place> due) throws IOException {
        Set<Integer> left = ConcurrentHashMap.newKeySet();
        List<Hole> holes = holes(due);
        List<List<Hole>> parts = new ArrayList<>();
        for (int at = 0; at < holes.size(); at += PART_HOLES) {
            parts.add(holes.subList(at, Math.min(holes.size(), at + PART_HOLES)));
        }
        each(parts, part -> {
            for (Hole hole : part) {
                punch(hole, left);
            }
        });
        if (!possible) {
            return List.of();
        }
        each(holes.stream().map(Hole::segment).distinct().toList(), segment -> force(segment, left));
        return due.stream().filter(place -> !left.contains(place.segment())).toList();
    }

    private static List<Hole> holes(List<Place> due) {
        List<Hole> holes = new ArrayList<>();
        for (Place place : due) {
            Hole hole = new Hole(place.segment(), place.block(), place.end());
            if (!holes.isEmpty() && holes.getLast().segment == hole.segment && holes.getLast().end == hole.block) {
                hole = new Hole(hole.segment, holes.removeLast().block, hole.end);
            }
            holes.add(hole);
        }
        return holes;
    }

    private void punch(Hole hole, Set<Integer> left) throws IOException {
        if (!possible || left.contains(hole.segment)) {
            return;
        }
        long at = (long) hole.block * Block.BYTES;
        try {
            if (!segments.punch(hole.segment, at, (long) hole.end * Block.BYTES - at)) {
                possible = false;
            }
        } catch (NoSuchFileException _) {
            // A crash came between deleting the file and FREE: its room is given back.
        } catch (Corrupt _) {
            // Not a segment of this store any more. It is deleted when nothing of it counts.
            left.add(hole.segment);
        }
    }

    private void force(int segment, Set<Integer> left) throws IOException {
        try {
            if (!left.contains(segment)) {
                segments.force(segment);
            }
        } catch (NoSuchFileException _) {
            // As when it was to be punched.
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        void on(T part) throws IOException;
    }

    private static <T> void each(List<T> parts, Work<T> work) throws IOException {
        if (parts.size() == 1) {
            work.on(parts.getFirst());
            return;
        }
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (T part : parts) {
                running.add(threads.submit(() -> {
                    work.on(part);
                    return part;
                }));
            }
        }
        for (Future<?> done : running) {
            if (done.state() == Future.State.FAILED) {
                throw failure(done.exceptionNow());
            }
        }
    }

    private static IOException failure(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }
}
