package dev.muster.protocol.content;

/// What a target must offer to hold an image.
///
/// @param kind a disk with sectors, or a file of no known inside
/// @param length in bytes, a multiple of `sectorBytes`
/// @param sectorBytes the guest's logical sector: 512 or 4,096 for a disk, 1 for an opaque file
/// @param recipe the container that the image came in
public record ImageShape(Kind kind, long length, int sectorBytes, Recipe recipe) {
    /// 256 TiB: what 2^36 blocks hold.
    public static final long LENGTH_MAX = 1L << 48;

    public ImageShape {
        if (length < 1 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("an image has 1 byte to 256 TiB, not " + length + " bytes");
        }
        if (!kind.allows(sectorBytes) || length % sectorBytes != 0) {
            throw new IllegalArgumentException(
                    "no such image: " + kind + " of " + length + " bytes in sectors of " + sectorBytes);
        }
    }

    /// What the bytes are.
    public enum Kind {
        DISK,
        OPAQUE;

        boolean allows(int sectorBytes) {
            return this == DISK ? sectorBytes == 512 || sectorBytes == 4096 : sectorBytes == 1;
        }
    }

    public static ImageShape disk(long length) {
        return new ImageShape(Kind.DISK, length, 512, new Recipe.Raw());
    }

    public static ImageShape opaque(long length) {
        return new ImageShape(Kind.OPAQUE, length, 1, new Recipe.Raw());
    }

    /// How many blocks the image has; the last may lie partly beyond its end and is filled with zeros for hashing.
    public long blocks() {
        return Block.count(length);
    }
}
