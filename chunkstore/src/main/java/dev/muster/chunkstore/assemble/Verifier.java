package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Verdict.Differs;
import dev.muster.chunkstore.assemble.Verdict.Same;
import dev.muster.chunkstore.assemble.Verdict.WrongLength;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Reads what a target holds and compares every block with the manifest. It changes nothing, and asks nobody
/// to stop writing. Safe for many threads.
public final class Verifier {
    private final Crew crew;
    private final Buffers buffers = new Buffers();

    /// @param atOnce how many MiB are read and hashed at a time
    public Verifier(Executor executor, int atOnce) {
        this.crew = new Crew(executor, atOnce);
    }

    /// @param target a file or a block device
    /// @param headers where the headers of the manifest's chunks are
    /// @throws TargetRefused if there is nothing to read
    public Verdict verify(Manifest manifest, ChunkSource headers, Path target, Progress progress) throws IOException {
        boolean device = BlockDevices.isBlockDevice(target);
        if (!device && !Files.isRegularFile(target)) {
            throw new TargetRefused("target " + target + ": expected a file or block device, found none");
        }
        LinuxFile file = LinuxFile.openToRead(target);
        try (TargetChannel channel = device
                ? TargetChannel.openDirect(target, file, RangeCalls.LINUX, StandardOpenOption.READ)
                : TargetChannel.open(target, file, RangeCalls.LINUX, StandardOpenOption.READ)) {
            long length = manifest.shape().length();
            long size = channel.size();
            if (size < length || (!device && size > length)) {
                return new WrongLength(length, size);
            }
            progress.phase("verify", length);
            Comparison comparison =
                    new Comparison(manifest, new Headers(manifest, headers), channel, crew, buffers, progress);
            return verify(comparison, manifest.extents(), length);
        }
    }

    private Verdict verify(Comparison comparison, List<Extent> extents, long length) throws IOException {
        Optional<Extent> wrong = comparison.firstWrong(extents);
        if (wrong.isEmpty()) {
            return new Same(length);
        }
        long block = wrong.get().firstBlock();
        return new Differs(block, block * Block.BYTES, comparison.expected(wrong.get()), comparison.found(block));
    }
}
