package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;

/// What a pin asks of its hosts.
public sealed interface Order {

    /// Run this release.
    ///
    /// @param release hash of the release document
    record Run(Hash release) implements Order {}

    /// The scope decides no more: the next lower priority does.
    record Withdraw() implements Order {}

    /// What is mixed into the slots of hosts: the release's hash, or zeros.
    default Hash salt() {
        return switch (this) {
            case Run(Hash release) -> release;
            case Withdraw() -> new Hash(0, 0, 0, 0);
        };
    }

    default void write(ByteWriter out) {
        switch (this) {
            case Run(Hash release) -> release.write(out.u8(1));
            case Withdraw() -> out.u8(2);
        }
    }

    static Order read(ByteReader in) throws Corrupt {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new Run(Hash.read(in));
            case 2 -> new Withdraw();
            default -> throw in.refuse("order 1 (run) or 2 (withdraw)", kind);
        };
    }
}
