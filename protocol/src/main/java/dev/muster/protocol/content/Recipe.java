package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;

/// What is needed, besides the guest's bytes, to write the container that an image came in once more.
public sealed interface Recipe {
    /// The most bytes a recipe may take in a head.
    int BYTES_MAX = 4096;

    /// A plain disk or file: nothing more is needed.
    record Raw() implements Recipe {}

    /// A qcow2 file.
    ///
    /// @param version 2 or 3
    /// @param clusterBits 9 (512 bytes) to 21 (2 MiB)
    /// @param compressed whether clusters were compressed
    record Qcow2(int version, int clusterBits, boolean compressed) implements Recipe {
        public Qcow2 {
            if (version < 2 || version > 3 || clusterBits < 9 || clusterBits > 21) {
                throw new IllegalArgumentException(
                        "no such qcow2: version " + version + ", cluster bits " + clusterBits);
            }
        }
    }

    /// The kind, length and bytes of the recipe.
    default void write(ByteWriter out) {
        switch (this) {
            case Raw() -> out.u8(1).u16(0);
            case Qcow2(int version, int clusterBits, boolean compressed) ->
                out.u8(2).u16(3).u8(version).u8(clusterBits).flag(compressed);
        }
    }

    static Recipe read(ByteReader in) throws Corrupt {
        int kind = in.u8();
        ByteReader body = new ByteReader("container recipe", in.view(in.u16(BYTES_MAX)));
        Recipe recipe = switch (kind) {
            case 1 -> new Raw();
            case 2 -> {
                int version = body.u8();
                int clusterBits = body.u8();
                if (version < 2 || version > 3 || clusterBits < 9 || clusterBits > 21) {
                    throw body.refuse("qcow2 version 2 or 3, cluster bits 9 to 21", version + ", " + clusterBits);
                }
                yield new Qcow2(version, clusterBits, body.flag());
            }
            default -> throw in.refuse("container recipe 1 (raw) or 2 (qcow2)", kind);
        };
        body.end();
        return recipe;
    }
}
