package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import java.util.Comparator;
import java.util.List;

/// What writing an image to a target takes, to the byte, before anything is written.
///
/// @param operations what to do, each block of the image in exactly one of them
public record Plan(Manifest manifest, List<Operation> operations) {
    public Plan {
        operations = List.copyOf(operations);
    }

    /// What is done for some blocks of the image.
    public sealed interface Operation {}

    /// These blocks are to read as zeros.
    ///
    /// @param discard whether the guest never had them, or gave them back
    public record Zero(long firstBlock, long blocks, boolean discard) implements Operation {}

    /// These blocks were read from the target and are right.
    public record Keep(long firstBlock, long blocks) implements Operation {}

    /// Blocks out of one chunk.
    public sealed interface OfChunk extends Operation {
        /// Index into the manifest's chunk table.
        int chunk();

        /// Where the blocks go, in the order of the image; each is of that chunk.
        List<Extent> runs();
    }

    /// The target shares them with the file in which they lie. They are not read.
    public record Clone(int chunk, Presence.Plain place, List<Extent> runs) implements OfChunk {
        public Clone {
            runs = List.copyOf(runs);
        }
    }

    /// They are read from the file in which they lie, hashed, and written.
    public record Copy(int chunk, Presence.Plain place, List<Extent> runs) implements OfChunk {
        public Copy {
            runs = List.copyOf(runs);
        }
    }

    /// The chunk is read, decoded once, hashed, and they are written.
    public record Decode(int chunk, List<Extent> runs) implements OfChunk {
        public Decode {
            runs = List.copyOf(runs);
        }
    }

    /// The chunk is not here. When the plan is carried out it must be, and is decoded.
    public record Fetch(int chunk, List<Extent> runs) implements OfChunk {
        public Fetch {
            runs = List.copyOf(runs);
        }
    }

    /// How many bytes of the image come by each kind of operation. They add up to its length.
    public record Bytes(long zero, long keep, long cloned, long copy, long decode, long fetch) {
        /// What is written to the target.
        public long written() {
            return copy + decode + fetch;
        }
    }

    public Bytes bytes() {
        long[] sums = new long[6];
        for (Operation operation : operations) {
            switch (operation) {
                case Zero(long first, long blocks, boolean _) -> sums[0] += bytes(first, blocks);
                case Keep(long first, long blocks) -> sums[1] += bytes(first, blocks);
                case Clone clone -> sums[2] += bytes(clone);
                case Copy copy -> sums[3] += bytes(copy);
                case Decode decode -> sums[4] += bytes(decode);
                case Fetch fetch -> sums[5] += bytes(fetch);
            }
        }
        return new Bytes(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    }

    /// What is cloned, in the order of the image.
    List<Extent> cloned() {
        return operations.stream()
                .filter(Clone.class::isInstance)
                .flatMap(operation -> ((Clone) operation).runs.stream())
                .sorted(Comparator.comparingLong(Extent::firstBlock))
                .toList();
    }

    long bytes(OfChunk operation) {
        return operation.runs().stream()
                .mapToLong(run -> bytes(run.firstBlock(), run.blocks()))
                .sum();
    }

    /// How many bytes of the image these blocks are: the last one of it may be a part of a block.
    long bytes(long firstBlock, long blocks) {
        long length = manifest.shape().length();
        return Math.min(length, (firstBlock + blocks) * Block.BYTES) - firstBlock * Block.BYTES;
    }
}
