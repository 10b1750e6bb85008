package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.SigningKey;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was newest at a moment, as one coordinator knew it. Who holds one that has not expired knows that nobody keeps
/// news from it, and what time it is at least.
///
/// @param key the freshness key that counts; it must be among the signers
/// @param number higher than that of the key's one before
/// @param span when it was made and how long it is good
/// @param newest the numbers
public record Freshness(KeyId key, long number, Span span, Newest newest) {

    public Freshness {
        if (number < 1) {
            throw new IllegalArgumentException("freshness is numbered from 1, not " + number);
        }
    }

    /// Epoch milliseconds.
    public record Span(long created, long expires) {
        /// However long somebody who stole a key would like it to be good.
        public static final Duration LIFE_MAX = Duration.ofDays(7);

        public Span {
            if (created < 0 || expires <= created || expires - created > LIFE_MAX.toMillis()) {
                throw new IllegalArgumentException(
                        "not a span of at most 7 days: created " + created + ", expires " + expires);
            }
        }
    }

    /// @param root number of the root document
    /// @param revocations number of the revocation list; 0 = there is none
    /// @param pins by director, the number of its newest pin
    public record Newest(long root, long revocations, SortedMap<KeyId, Long> pins) {
        public Newest {
            pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
            if (root < 1 || revocations < 0 || pins.size() > Root.KEYS_MAX) {
                throw new IllegalArgumentException("not numbers: root " + root + ", revocations " + revocations + ", "
                        + pins.size() + " directors");
            }
        }
    }

    public Envelope sign(Collection<SigningKey> keys) {
        return Envelope.sign(Type.FRESHNESS, encode(), keys);
    }

    /// The document in the envelope, if enough freshness keys of `root` signed it, among them the one that counts.
    public static Signed<Freshness> verify(Envelope envelope, Root root) throws Refused {
        Set<KeyId> signers = root.verify(envelope, KeyRole.FRESHNESS);
        Freshness freshness = unverified(envelope);
        if (!signers.contains(freshness.key)) {
            throw new Refused(
                    Reason.NOT_SIGNED,
                    "freshness: expected a signature by its own " + freshness.key + ", found " + signers);
        }
        return new Signed<>(freshness, signers, envelope);
    }

    static Freshness unverified(Envelope envelope) throws Refused {
        return envelope.parse(Type.FRESHNESS, Freshness::read, Freshness::encode);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        key.hash().write(out);
        out.u64(number).u64(span.created).u64(span.expires);
        out.u64(newest.root).u64(newest.revocations).u8(newest.pins.size());
        newest.pins.forEach((director, pin) -> {
            director.hash().write(out);
            out.u64(pin);
        });
        return out.toBytes();
    }

    private static Freshness read(ByteReader in) throws Corrupt {
        KeyId key = new KeyId(Hash.read(in));
        long number = in.u64();
        Span span = new Span(in.u64(), in.u64());
        long root = in.u64();
        long revocations = in.u64();
        SortedMap<KeyId, Long> pins = new TreeMap<>();
        int count = in.u8(Root.KEYS_MAX);
        for (int i = 0; i < count; i++) {
            pins.put(new KeyId(Hash.read(in)), in.u64());
        }
        return new Freshness(key, number, span, new Newest(root, revocations, pins));
    }
}
