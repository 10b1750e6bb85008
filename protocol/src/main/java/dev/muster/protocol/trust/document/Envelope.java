package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.Signature;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// A document's bytes and who signed them: see this package's documentation. Nothing in it is verified. Immutable.
public final class Envelope {
    public static final int BYTES_MAX = 1 << 20;
    public static final int SIGNATURES_MAX = 32;

    private static final String MAGIC = "MSTRDOC";
    private static final String DOMAIN = "muster/v1/";

    private final Type type;
    private final byte[] payload;
    private final List<Signature> signatures;

    private Envelope(Type type, byte[] payload, SortedSet<Signature> signatures) {
        if (signatures.size() > SIGNATURES_MAX) {
            throw new IllegalArgumentException("at most 32 signatures, not " + signatures.size());
        }
        this.type = type;
        this.payload = payload;
        this.signatures = List.copyOf(signatures);
    }

    /// Signs a payload by each of the keys, or by none yet.
    static Envelope sign(Type type, byte[] payload, Collection<SigningKey> keys) {
        Envelope unsigned = new Envelope(type, payload.clone(), new TreeSet<>());
        return unsigned.signedBy(keys);
    }

    /// The same document, signed by these too. What they sign they must have looked at: see [Release#unverified].
    public Envelope signedBy(Collection<SigningKey> keys) {
        SortedSet<Signature> all = new TreeSet<>(signatures);
        byte[] bytes = signedBytes();
        for (SigningKey key : keys) {
            key.sign(bytes).forEach(signature -> {
                all.remove(signature);
                all.add(signature);
            });
        }
        return new Envelope(type, payload, all);
    }

    /// The same document with the signatures of both.
    ///
    /// @throws Refused [Reason#WRONG_HASH] if the other is about another document
    public Envelope merge(Envelope other) throws Refused {
        if (!hash().equals(other.hash())) {
            throw new Refused(
                    Reason.WRONG_HASH, "expected signatures of " + hash() + ", found those of " + other.hash());
        }
        SortedSet<Signature> all = new TreeSet<>(signatures);
        all.addAll(other.signatures);
        return new Envelope(type, payload, all);
    }

    /// @throws Refused [Reason#MALFORMED] for anything that [#encode] does not write
    public static Envelope decode(byte[] bytes) throws Refused {
        try {
            if (bytes.length > BYTES_MAX) {
                throw new Corrupt("envelope: expected at most " + BYTES_MAX + " bytes, found " + bytes.length);
            }
            ByteReader in = ByteReader.of("envelope", bytes);
            in.magic(MAGIC);
            int version = in.u16();
            if (version != 1) {
                throw in.refuse("version 1", version);
            }
            int code = in.u8();
            Type type = Type.of(code).orElseThrow(() -> in.refuse("a known type of document", code));
            byte[] payload = in.blob(BYTES_MAX);
            SortedSet<Signature> signatures = readSignatures(in);
            in.end();
            return new Envelope(type, payload, signatures);
        } catch (Corrupt e) {
            throw malformed(e);
        }
    }

    private static SortedSet<Signature> readSignatures(ByteReader in) throws Corrupt {
        SortedSet<Signature> signatures = new TreeSet<>();
        int count = in.u8(SIGNATURES_MAX);
        for (int i = 0; i < count; i++) {
            KeyId key = new KeyId(Hash.read(in));
            int code = in.u8();
            Algorithm algorithm = Algorithm.of(code).orElseThrow(() -> in.refuse("a known algorithm", code));
            int length = in.u16(Algorithm.SIGNATURE_BYTES_MAX);
            if (length == 0) {
                throw in.refuse("a signature", "0 bytes");
            }
            Signature signature = new Signature(key, algorithm, in.view(length));
            if (!signatures.isEmpty() && signatures.last().compareTo(signature) >= 0) {
                throw in.refuse("signatures in ascending order, none twice", key);
            }
            signatures.add(signature);
        }
        return signatures;
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(payload.length + 8192);
        out.magic(MAGIC).u16(1).u8(type.code()).blob(payload).u8(signatures.size());
        for (Signature signature : signatures) {
            signature.key().hash().write(out);
            out.u8(signature.algorithm().code())
                    .u16(signature.bytes().remaining())
                    .bytes(signature.bytes());
        }
        return out.toBytes();
    }

    public Type type() {
        return type;
    }

    public List<Signature> signatures() {
        return signatures;
    }

    /// The document's name: SHA-256 of the signed bytes.
    public Hash hash() {
        return Hash.of(signedBytes());
    }

    byte[] signedBytes() {
        return new ByteWriter(payload.length + 32)
                .magic(DOMAIN + type)
                .u8(0)
                .blob(payload)
                .toBytes();
    }

    /// How one type of document is read from its payload.
    interface Reader<T> {
        T read(ByteReader in) throws Corrupt;
    }

    /// The document in the payload, which must be of this type and in its one form.
    <T> T parse(Type expected, Reader<T> reader, Function<T, byte[]> writer) throws Refused {
        try {
            if (type != expected) {
                throw new Corrupt("document: expected a " + expected + ", found a " + type);
            }
            ByteReader in = ByteReader.of(type.toString(), payload);
            T document = reader.read(in);
            in.end();
            if (!Arrays.equals(writer.apply(document), payload)) {
                throw in.refuse("the one form of this document", "another");
            }
            return document;
        } catch (Corrupt | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static Refused malformed(Exception e) {
        return new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
}
