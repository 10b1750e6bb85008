package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Verdict.Differs;
import dev.muster.chunkstore.assemble.Verdict.Same;
import dev.muster.chunkstore.assemble.Verdict.WrongLength;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/// Reads what a target holds and compares every block with the manifest. It changes nothing, and asks nobody to stop
/// writing. Safe for many threads.
public final class Verifier {
    private final Executor executor;
    private final int atOnce;

    /// @param atOnce how many MiB are read and hashed at a time
    public Verifier(Executor executor, int atOnce) {
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /// @param target a file or a block device
    /// @param headers where the headers of the manifest's chunks are
    /// @throws TargetRefused if there is nothing to read
    public Verdict verify(Manifest manifest, ChunkSource headers, Path target, Progress progress) throws IOException {
        boolean device = BlockDevices.isBlockDevice(target);
        if (!device && !Files.isRegularFile(target)) {
            throw new TargetRefused("target " + target + ": expected a file or block device, found none");
        }
        try (TargetChannel channel = TargetChannel.open(target, StandardOpenOption.READ)) {
            long length = manifest.shape().length();
            long size = channel.size();
            if (size < length || (!device && size > length)) {
                return new WrongLength(length, size);
            }
            progress.phase("verify", length);
            return verify(new Comparison(manifest, headers, channel::read, progress), length);
        }
    }

    private Verdict verify(Comparison comparison, long length) throws IOException {
        Queue<Extent> wrong = new ConcurrentLinkedQueue<>();
        try (Work work = new Work(executor, atOnce)) {
            // What is under way when the first wrong block is found may lie before it: all of that is
            // waited for.
            comparison.begin(work, (part, right) -> {
                if (!right) {
                    wrong.add(part);
                }
                return right;
            });
        }
        Optional<Extent> first = wrong.stream().min(Comparator.comparingLong(Extent::firstBlock));
        if (first.isEmpty()) {
            return new Same(length);
        }
        long block = first.get().firstBlock();
        Hash found = Hash.of(comparison.read(block, 1));
        return new Differs(block, block * Block.BYTES, comparison.expected(first.get()), found);
    }
}
