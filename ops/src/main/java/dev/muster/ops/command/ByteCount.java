package dev.muster.ops.command;

import dev.muster.protocol.config.Units;

/// How many bytes, as people write it: `10GiB`.
record ByteCount(long bytes) {
    static ByteCount parse(String text) {
        return new ByteCount(Units.bytes(text));
    }
}
