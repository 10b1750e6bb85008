package dev.muster.chunkstore.assemble;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
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
    public record Zero(long firstBlock, long blocks) implements Operation {}

    /// These blocks were read from the target and are right.
    public record Keep(long firstBlock, long blocks) implements Operation {}

    /// Blocks out of one chunk, which is read and decoded once.
    ///
    /// @param chunk index into the manifest's chunk table
    /// @param runs where they go, in order; each is of that chunk
    public record Decode(int chunk, List<Extent> runs) implements Operation {
        public Decode {
            runs = List.copyOf(runs);
        }
    }

    /// Bytes that are to read as zeros.
    public long zeroBytes() {
        return operations.stream()
                .mapToLong(operation -> operation instanceof Zero(long first, long blocks) ? bytes(first, blocks) : 0)
                .sum();
    }

    /// Bytes that are right already.
    public long keepBytes() {
        return operations.stream()
                .mapToLong(operation -> operation instanceof Keep(long first, long blocks) ? bytes(first, blocks) : 0)
                .sum();
    }

    /// Bytes that come out of chunks.
    public long decodeBytes() {
        return operations.stream()
                .mapToLong(operation -> operation instanceof Decode decode ? bytes(decode) : 0)
                .sum();
    }

    long bytes(Decode decode) {
        return decode.runs.stream()
                .mapToLong(run -> bytes(run.firstBlock(), run.blocks()))
                .sum();
    }

    /// How many bytes of the image these blocks are: the last one of it may be a part of a block.
    long bytes(long firstBlock, long blocks) {
        long length = manifest.shape().length();
        return Math.min(length, (firstBlock + blocks) * Block.BYTES) - firstBlock * Block.BYTES;
    }
}
