package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Finding.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads every record that the index knows, segment by segment, on as many threads as there are processors. A record
/// that is not right is taken out of the index.
final class RecordSweep {
    private final StoreDirectory directory;
    private final ChunkIndex chunks;
    private final Findings findings;

    RecordSweep(StoreDirectory directory, ChunkIndex chunks, Findings findings) {
        this.directory = directory;
        this.chunks = chunks;
        this.findings = findings;
    }

    /// @param blocks whether to decode and hash them
    /// @return how many bytes were read
    long run(List<Integer> segments, boolean blocks, Progress progress) throws IOException {
        long[] total = {0};
        chunks.forEach((_, place) -> total[0] += place.bytes());
        progress.phase("check", total[0]);
        try (RecordCheck check = new RecordCheck(blocks);
                ExecutorService threads =
                        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Callable<Long>> work = new ArrayList<>();
            for (int segment : segments) {
                work.add(() -> sweep(segment, check, progress));
            }
            long bytes = 0;
            for (Future<Long> done : threads.invokeAll(work)) {
                bytes += done.get();
            }
            return bytes;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the store was checked");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private long sweep(int segment, RecordCheck check, Progress progress) throws IOException {
        List<SegmentFormat.Entry> entries = chunks.inSegment(segment);
        entries.sort(Comparator.comparingInt(entry -> entry.place().block()));
        long bytes = 0;
        try (DiskFile file = SegmentFormat.open(directory.disk(), directory.segments(), directory.id(), segment)) {
            for (SegmentFormat.Entry entry : entries) {
                check.problem(file, entry.id(), entry.place()).ifPresent(problem -> {
                    findings.add(Kind.CHUNK, entry.id().toString(), PlaceCheck.where(entry.place()), problem);
                    chunks.remove(entry.id(), entry.place());
                });
                bytes += entry.place().bytes();
                progress.advance(entry.place().bytes());
            }
        }
        return bytes;
    }
}
