package dev.muster.protocol.trust.key;

import dev.muster.protocol.content.Hash;

/// The name of a signer: see [VerifyKey#id].
public record KeyId(Hash hash) implements Comparable<KeyId> {

    public static KeyId parse(String hex) {
        return new KeyId(Hash.parse(hex));
    }

    @Override
    public int compareTo(KeyId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return "key:" + hash.hex();
    }
}
