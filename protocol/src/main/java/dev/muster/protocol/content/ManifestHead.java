package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The small part of a manifest, which names the rest: its hash is the manifest's id. The layout is in this package's
/// documentation.
///
/// @param content what a guest reads from the image, whatever its packing
/// @param parents up to 4 manifests whose chunks this one was packed against; a hint, never needed for reading
/// @param chunks the chunk table's pages
/// @param extents the extent table's pages
public record ManifestHead(
        ImageShape shape, ContentId content, List<ManifestId> parents, PageTable chunks, PageTable extents) {
    public static final int BYTES_MAX = 64 * 1024;
    public static final int PARENTS_MAX = 4;

    public ManifestHead {
        parents = List.copyOf(parents);
        if (parents.size() > PARENTS_MAX) {
            throw new IllegalArgumentException("at most 4 parents, not " + parents.size());
        }
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(4096).magic("MSTRHEAD").u16(1);
        out.u8(shape.kind() == ImageShape.Kind.DISK ? 1 : 2).u64(shape.length()).u32(shape.sectorBytes());
        shape.recipe().write(out);
        content.hash().write(out);
        out.u8(parents.size());
        for (ManifestId parent : parents) {
            parent.hash().write(out);
        }
        out.u32(chunks.entries()).u32(extents.entries());
        chunks.write(out);
        extents.write(out);
        return out.toBytes();
    }

    public ManifestId id() {
        return idOf(encode());
    }

    public static ManifestId idOf(byte[] head) {
        return new ManifestId(Hash.of(head));
    }

    /// Decodes a head that must be the one called `id`.
    public static ManifestHead verify(ManifestId id, byte[] bytes) throws Corrupt {
        if (bytes.length > BYTES_MAX || !idOf(bytes).equals(id)) {
            throw new Corrupt("manifest head: expected " + id + ", found " + bytes.length + " bytes of another hash");
        }
        return decode(bytes);
    }

    /// @throws Corrupt for anything that [#encode] does not write
    public static ManifestHead decode(byte[] bytes) throws Corrupt {
        if (bytes.length > BYTES_MAX) {
            throw new Corrupt("manifest head: expected at most " + BYTES_MAX + " bytes, found " + bytes.length);
        }
        ByteReader in = new ByteReader("manifest head", ByteBuffer.wrap(bytes));
        in.magic("MSTRHEAD");
        if (in.u16() != 1) {
            throw in.refuse("version 1", "another");
        }
        ImageShape shape = readShape(in);
        ContentId content = new ContentId(Hash.read(in));
        int parentCount = in.u8(PARENTS_MAX);
        List<ManifestId> parents = new ArrayList<>(parentCount);
        for (int i = 0; i < parentCount; i++) {
            parents.add(new ManifestId(Hash.read(in)));
        }
        int chunkCount = in.u32(Manifest.CHUNKS_MAX);
        int extentCount = in.u32(Manifest.EXTENTS_MAX);
        PageTable chunks = PageTable.read(chunkCount, in);
        PageTable extents = PageTable.read(extentCount, in);
        in.end();
        return new ManifestHead(shape, content, parents, chunks, extents);
    }

    private static ImageShape readShape(ByteReader in) throws Corrupt {
        int kind = in.u8();
        long length = in.u64(ImageShape.LENGTH_MAX);
        int sectorBytes = in.u32(4096);
        Recipe recipe = Recipe.read(in);
        boolean disk = kind == 1 && (sectorBytes == 512 || sectorBytes == 4096);
        boolean opaque = kind == 2 && sectorBytes == 1;
        if (!(disk || opaque) || length == 0 || length % sectorBytes != 0) {
            throw in.refuse("a disk or an opaque file", "kind " + kind + ", " + length + " bytes in " + sectorBytes);
        }
        return new ImageShape(disk ? ImageShape.Kind.DISK : ImageShape.Kind.OPAQUE, length, sectorBytes, recipe);
    }
}
