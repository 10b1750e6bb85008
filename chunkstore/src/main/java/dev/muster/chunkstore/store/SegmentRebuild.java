package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Takes over what is right in each segment of a store that is rebuilt, and makes of it a sealed segment as the store
/// would: the records stay where they are, a header or a footer that is damaged or missing is written anew.
final class SegmentRebuild {
    private final StoreDirectory directory;
    private final Contents contents;
    private final Findings findings;

    /// @param contents where the chunks are put that are found
    SegmentRebuild(StoreDirectory directory, Contents contents, Findings findings) {
        this.directory = directory;
        this.contents = contents;
        this.findings = findings;
    }

    /// @return false if nothing in the file is this store's
    boolean rebuild(int number, DiskFile file) throws IOException {
        String name = "segments/" + SegmentFormat.fileName(number);
        SegmentFormat.Header expected = new SegmentFormat.Header(directory.id(), number);
        Optional<String> headerProblem = Optional.empty();
        try {
            SegmentFormat.Header found = SegmentFormat.readHeader(number, file);
            if (!found.equals(expected)) {
                findings.add(Kind.SEGMENT, name, name, "expected " + expected + ", found " + found);
                return false;
            }
        } catch (IOException e) {
            headerProblem = Optional.of(Findings.message(e));
            findings.add(Kind.SEGMENT, name, name, headerProblem.get());
        }
        SegmentScan scan = SegmentScan.of(file, number);
        scan.problems().forEach(problem -> findings.add(Kind.SEGMENT, name, name, problem));
        if (headerProblem.isPresent()) {
            if (scan.records().isEmpty()) {
                return false;
            }
            file.write(ByteBuffer.wrap(SegmentFormat.encodeHeader(directory.id(), number)), 0);
            file.force();
        }
        for (SegmentFormat.Entry entry : scan.records()) {
            contents.replay(new Put(entry.id(), entry.place()));
        }
        seal(number, file, scan);
        return true;
    }

    private void seal(int number, DiskFile file, SegmentScan scan) throws IOException {
        try {
            SegmentFormat.readFooter(directory.id(), number, file);
        } catch (IOException _) {
            long at = (long) scan.end() * Block.BYTES;
            byte[] footer = SegmentFormat.encodeFooter(directory.id(), number, scan.end(), scan.records());
            file.write(ByteBuffer.wrap(footer), at);
            file.truncate(at + footer.length);
            file.force();
        }
    }
}
