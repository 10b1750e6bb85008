package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.RootChain;
import java.util.ArrayList;
import java.util.List;

/// Signed documents on their way to a host, of which nothing is verified.
///
/// Body: u64 revision | u32 count (<= 16,384), { u32 length, envelope }; at most 64 MiB.
///
/// @param revision a name for the set of all documents, the same at every coordinator that has the same ones; what a
///     host says it has when it asks again
/// @param envelopes all of the set, or none if the asker has them
public record Documents(long revision, List<Envelope> envelopes) {
    public static final int BYTES_MAX = 64 << 20;
    public static final int COUNT_MAX = 16 * RootChain.ROOTS_MAX;

    public Documents {
        envelopes = List.copyOf(envelopes);
        if (revision < 0 || envelopes.size() > COUNT_MAX) {
            throw new IllegalArgumentException("not documents: revision " + revision + ", " + envelopes.size());
        }
    }

    /// The whole set, under the revision that follows from it.
    public static Documents of(List<Envelope> envelopes) {
        byte[][] hashes = envelopes.stream()
                .map(Envelope::hash)
                .sorted()
                .map(Hash::toBytes)
                .toArray(byte[][]::new);
        return new Documents(Hash.of(hashes).a() & Long.MAX_VALUE, envelopes);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(64 * 1024).u64(revision).u32(envelopes.size());
        envelopes.forEach(envelope -> out.blob(envelope.encode()));
        return out.toBytes();
    }

    public static Documents decode(byte[] bytes) throws Corrupt, Refused {
        ByteReader in = ByteReader.of("documents", bytes);
        long revision = in.u64();
        int count = in.count(COUNT_MAX, Integer.BYTES);
        List<Envelope> envelopes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            envelopes.add(Envelope.decode(in.blob(Envelope.BYTES_MAX)));
        }
        in.end();
        return new Documents(revision, envelopes);
    }
}
