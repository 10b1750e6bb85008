package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.Signature;
import dev.muster.protocol.trust.key.VerifyKey;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The keys of one role, and how many of them must sign.
public record Signers(int threshold, SortedMap<KeyId, VerifyKey> keys) {

    public Signers {
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        if (threshold < 1 || threshold > keys.size() || keys.size() > Root.KEYS_MAX) {
            throw new IllegalArgumentException(
                    "not a threshold: " + threshold + " of " + keys.size() + " keys, at most " + Root.KEYS_MAX);
        }
        keys.forEach((id, key) -> {
            if (!key.id().equals(id)) {
                throw new IllegalArgumentException("a key under another name: " + id);
            }
        });
    }

    public static Signers of(int threshold, Collection<VerifyKey> keys) {
        SortedMap<KeyId, VerifyKey> byId = new TreeMap<>();
        keys.forEach(key -> byId.put(key.id(), key));
        return new Signers(threshold, byId);
    }

    /// Those who signed by every algorithm in `required`.
    ///
    /// @throws Refused [Reason#BAD_SIGNATURE] if any signature of these keys does not verify; [Reason#WEAKENED] if
    ///     too few keys signed by all algorithms; [Reason#NOT_SIGNED] if too few keys signed
    Set<KeyId> verify(Envelope envelope, Set<Algorithm> required) throws Refused {
        byte[] bytes = envelope.signedBytes();
        Map<KeyId, Set<Algorithm>> signed = new TreeMap<>();
        for (Signature signature : envelope.signatures()) {
            VerifyKey key = keys.get(signature.key());
            if (key == null) {
                continue;
            }
            if (!key.verifies(signature, bytes)) {
                throw new Refused(
                        Reason.BAD_SIGNATURE,
                        envelope.type() + ": expected a signature of " + envelope.hash() + " by " + signature.key()
                                + " with " + signature.algorithm() + ", found one that does not verify");
            }
            signed.computeIfAbsent(signature.key(), unseen -> EnumSet.noneOf(Algorithm.class))
                    .add(signature.algorithm());
        }
        Set<KeyId> whole = new TreeSet<>(signed.keySet());
        whole.removeIf(id -> !signed.getOrDefault(id, Set.of()).containsAll(required));
        if (whole.size() < threshold) {
            boolean halves = whole.size() < signed.size();
            throw new Refused(
                    halves ? Reason.WEAKENED : Reason.NOT_SIGNED,
                    envelope.type() + " " + envelope.hash().brief() + ": expected signatures by " + threshold + " of "
                            + keys.size() + " keys with each of " + required + ", found " + whole.size()
                            + (halves ? " and some by fewer algorithms" : ""));
        }
        return whole;
    }
}
