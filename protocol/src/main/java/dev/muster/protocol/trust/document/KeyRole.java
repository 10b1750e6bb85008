package dev.muster.protocol.trust.document;

/// What a key may sign. The code is part of signed formats and never changes.
public enum KeyRole {
    /// Root documents.
    ROOT(1),
    /// Releases, and which of them and of the members are revoked.
    RELEASE(2),
    /// Pins.
    DIRECTOR(3),
    /// What is newest.
    FRESHNESS(4);

    private final int code;

    KeyRole(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
