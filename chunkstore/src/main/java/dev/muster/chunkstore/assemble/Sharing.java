package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Between which file systems blocks can be shared. No name of a file system tells: it depends on how it was
/// made, how it is mounted and what the files are. So one block is shared for real, once for each pair. For
/// many threads.
final class Sharing {
    private final ConcurrentMap<Pair, Boolean> known = new ConcurrentHashMap<>();

    private record Pair(Object from, Object to, RangeCalls calls) {}

    /// Whether a new file in `directory` can share blocks with `source`, whose first block is on the medium.
    boolean works(Path source, Path directory, RangeCalls calls) {
        try {
            Pair pair = new Pair(device(source), device(directory), calls);
            Boolean before = known.get(pair);
            if (before != null) {
                return before;
            }
            boolean works = probe(source, directory, calls);
            known.put(pair, works);
            return works;
        } catch (IOException _) {
            // Not even a block of it can be read, or none be written here: somebody else will say so who must.
            return false;
        }
    }

    private static boolean probe(Path source, Path directory, RangeCalls calls) throws IOException {
        Path probe = Files.createTempFile(directory, ".muster-", ".probe");
        try (LinuxFile from = LinuxFile.openToRead(source);
                LinuxFile to = LinuxFile.open(probe)) {
            return Files.size(source) >= Block.BYTES && calls.share(from, 0, Block.BYTES, to, 0);
        } finally {
            Files.delete(probe);
        }
    }

    private static Object device(Path file) throws IOException {
        return Files.getAttribute(file, "unix:dev");
    }
}
