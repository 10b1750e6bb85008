package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// Finds hooks of an image that is to be packed, by which a store tells what its likely parents are: see
/// [Block#isHook].
public final class Hooks {
    /// So much of an image is read at most.
    public static final int SAMPLE_BYTES_MAX = 64 << 20;

    private Hooks() {}

    /// The names of the hooks in a sample of the image's data, evenly spread over it: of an image with up to 64 MiB of
    /// data it is all of them. The same image gives the same hooks.
    ///
    /// @throws dev.muster.protocol.MusterException.Corrupt if the image is corrupt
    public static Set<Hash> sample(DiskImage image) throws IOException {
        return new LinkedHashSet<>();
    }
}
