package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.util.Optional;

/// What a pin asks of its hosts: to run a release, or, of the whole fleet, to keep one or to let it go.
public sealed interface Order {

    /// Run this release.
    ///
    /// @param release hash of the release document
    record Run(Hash release) implements Order {}

    /// The scope decides no more: the next lower priority does.
    record Withdraw() implements Order {}

    /// No host need keep this release any more, and no pin may order it.
    record Retire(Hash release) implements Order {}

    /// That is taken back.
    record BringBack(Hash release) implements Order {}

    /// The release that is to be run, if one is.
    default Optional<Hash> ordered() {
        return this instanceof Run(Hash release) ? Optional.of(release) : Optional.empty();
    }

    /// The release that is to be kept or let go; none where the order is about what hosts run.
    default Optional<Hash> kept() {
        return switch (this) {
            case Run _, Withdraw _ -> Optional.empty();
            case Retire(Hash release) -> Optional.of(release);
            case BringBack(Hash release) -> Optional.of(release);
        };
    }

    /// What is mixed into the slots of hosts: the release's hash, or zeros.
    default Hash salt() {
        return switch (this) {
            case Run(Hash release) -> release;
            case Withdraw _, Retire _, BringBack _ -> new Hash(0, 0, 0, 0);
        };
    }

    default void write(ByteWriter out) {
        switch (this) {
            case Run(Hash release) -> release.write(out.u8(1));
            case Withdraw() -> out.u8(2);
            case Retire(Hash release) -> release.write(out.u8(3));
            case BringBack(Hash release) -> release.write(out.u8(4));
        }
    }

    static Order read(ByteReader in) throws Corrupt {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new Run(Hash.read(in));
            case 2 -> new Withdraw();
            case 3 -> new Retire(Hash.read(in));
            case 4 -> new BringBack(Hash.read(in));
            default -> throw in.refuse("order 1 (run), 2 (withdraw), 3 (retire) or 4 (bring back)", kind);
        };
    }
}
