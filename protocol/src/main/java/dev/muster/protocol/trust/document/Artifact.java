package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.ManifestId;
import java.util.regex.Pattern;

/// One image of a release.
///
/// @param role what it is for, `[a-z0-9-]{1,32}`: [#DISK], [#KERNEL], [#INITRD], [#VM], or another
/// @param length in bytes
public record Artifact(String role, long length, ContentId content, ManifestId manifest) {
    public static final String DISK = "disk";
    public static final String KERNEL = "kernel";
    public static final String INITRD = "initrd";

    /// The description of a virtual machine.
    public static final String VM = "vm";

    private static final int ROLE_BYTES_MAX = 32;
    private static final Pattern ROLE = Pattern.compile("[a-z0-9-]{1,32}");

    public Artifact {
        if (!ROLE.matcher(role).matches()) {
            throw new IllegalArgumentException(
                    "artifact: expected a role of up to 32 of a-z 0-9 -, found " + Names.printable(role, 40));
        }
        if (length < 1 || length > ImageShape.LENGTH_MAX) {
            throw new IllegalArgumentException("artifact " + role + ": no image has " + length + " bytes");
        }
    }

    void write(ByteWriter out) {
        out.text(role).u64(length);
        content.hash().write(out);
        manifest.hash().write(out);
    }

    static Artifact read(ByteReader in) throws Corrupt {
        return new Artifact(
                in.text(ROLE_BYTES_MAX), in.u64(), new ContentId(Hash.read(in)), new ManifestId(Hash.read(in)));
    }
}
