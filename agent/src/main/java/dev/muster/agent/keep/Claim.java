package dev.muster.agent.keep;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Why some manifests stay on this host.
///
/// @param key hash of their release; or of the manifest, while no release is known that has it
/// @param name of the image; empty while no release is known
/// @param published it was published from this host, and is kept whatever `store.keep` says
/// @param until epoch milliseconds; 0: until the release is retired
record Claim(Hash key, String name, boolean published, long until, List<ManifestId> manifests) {
    static final int BYTES_MAX = 1024;

    private static final String MAGIC = "MSTRKEPT";

    Claim {
        manifests = List.copyOf(manifests);
        if (manifests.isEmpty() || manifests.size() > Release.ARTIFACTS_MAX || until < 0) {
            throw new IllegalArgumentException("not a claim: " + manifests.size() + " manifests until " + until);
        }
        if (!name.isEmpty()) {
            Names.require("name", name);
        }
    }

    static Claim of(Signed<Release> release, boolean published) {
        List<ManifestId> manifests = release.document().artifacts().stream()
                .map(Artifact::manifest)
                .distinct()
                .toList();
        return new Claim(release.hash(), release.document().name().name(), published, 0, manifests);
    }

    /// Of a manifest that may become part of a release soon.
    static Claim packed(ManifestId manifest, long until) {
        return new Claim(manifest.hash(), "", true, until, List.of(manifest));
    }

    boolean hasEnded(long now) {
        return until != 0 && until <= now;
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter().magic(MAGIC).u16(1).flag(published).u64(until);
        out.text(name).u8(manifests.size());
        manifests.forEach(manifest -> manifest.hash().write(out));
        byte[] body = out.toBytes();
        return out.u32(crc(body, body.length)).toBytes();
    }

    /// @param key which the file is called by
    static Claim decode(Hash key, byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("claim " + key.brief(), bytes);
        in.magic(MAGIC);
        int version = in.u16();
        if (version != 1) {
            throw in.refuse("version 1", version);
        }
        boolean published = in.flag();
        long until = in.u64();
        String name = in.text(Names.LABEL_BYTES_MAX);
        int count = in.u8(Release.ARTIFACTS_MAX);
        List<ManifestId> manifests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            manifests.add(new ManifestId(Hash.read(in)));
        }
        long crc = in.u32();
        in.end();
        if (crc != crc(bytes, bytes.length - Integer.BYTES)) {
            throw in.refuse("checksum " + crc, crc(bytes, bytes.length - Integer.BYTES));
        }
        try {
            return new Claim(key, name, published, until, manifests);
        } catch (IllegalArgumentException e) {
            throw new Corrupt("claim " + key.brief() + ": " + e.getMessage(), e);
        }
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.wrap(bytes, 0, length));
        return crc.getValue();
    }
}
