package dev.muster.ops.command;

import dev.muster.protocol.config.Units;

/// How many bytes a second, as people write it: `200MiB`, `1Gbit/s`.
///
/// @param bytesPerSecond 0: as many as there are
record ByteRate(long bytesPerSecond) {
    static ByteRate parse(String text) {
        return new ByteRate(Units.bytesPerSecond(text));
    }
}
