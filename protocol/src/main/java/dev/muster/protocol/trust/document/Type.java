package dev.muster.protocol.trust.document;

import java.util.Arrays;
import java.util.Optional;

/// What a signed document is. Code and name are part of signed formats and never change.
public enum Type {
    ROOT(1, "root"),
    RELEASE(2, "release"),
    PIN(3, "pin"),
    HOST_REPORT(4, "host-report"),
    REVOCATIONS(5, "revocations"),
    FRESHNESS(6, "freshness");

    private final int code;
    private final String label;

    Type(int code, String label) {
        this.code = code;
        this.label = label;
    }

    int code() {
        return code;
    }

    static Optional<Type> of(int code) {
        return Arrays.stream(values()).filter(t -> t.code == code).findFirst();
    }

    /// The name in the signed bytes.
    @Override
    public String toString() {
        return label;
    }
}
