package dev.muster.protocol.trust.document;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import java.util.Set;

/// A document whose signatures were verified. Only this package makes one.
public final class Signed<T> {
    private final T document;
    private final Hash hash;
    private final Set<KeyId> signers;
    private final Envelope envelope;

    Signed(T document, Set<KeyId> signers, Envelope envelope) {
        this.document = document;
        this.hash = envelope.hash();
        this.signers = Set.copyOf(signers);
        this.envelope = envelope;
    }

    public T document() {
        return document;
    }

    /// The document's name.
    public Hash hash() {
        return hash;
    }

    /// The keys that counted.
    public Set<KeyId> signers() {
        return signers;
    }

    /// What to keep and to pass on.
    public Envelope envelope() {
        return envelope;
    }

    @Override
    public String toString() {
        return envelope.type() + " " + hash.brief() + " " + document;
    }
}
