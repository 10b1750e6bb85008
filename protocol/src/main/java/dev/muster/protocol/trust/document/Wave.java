package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/// How far a pin reaches within its scope.
public sealed interface Wave {
    int ALL_PPM = 1_000_000;

    /// The hosts whose slot is below this fraction of all slots.
    ///
    /// @param ppm millionths, 0 to 1,000,000
    record Fraction(int ppm) implements Wave {
        public Fraction {
            if (ppm < 0 || ppm > ALL_PPM) {
                throw new IllegalArgumentException("a wave has 0 to 1,000,000 ppm, not " + ppm);
            }
        }
    }

    /// These hosts.
    ///
    /// @param hosts 1 to 1,000, ascending
    record Hosts(List<String> hosts) implements Wave {
        public Hosts {
            hosts = Names.hosts(hosts);
        }
    }

    static Wave all() {
        return new Fraction(ALL_PPM);
    }

    /// A host's place in the order in which waves of a release reach hosts: the first four bytes, big-endian, of
    /// SHA-256(host id | release hash). Each host computes its own, so nobody can reshuffle waves.
    static long slot(String host, Hash release) {
        Hash hash = Hash.of(host.getBytes(StandardCharsets.UTF_8), release.toBytes());
        return Integer.toUnsignedLong(ByteBuffer.wrap(hash.toBytes()).getInt());
    }

    /// Whether a slot is among the first `ppm` millionths of all.
    static boolean isBelow(long slot, long ppm) {
        return slot * ALL_PPM < ppm << Integer.SIZE;
    }

    default void write(ByteWriter out) {
        switch (this) {
            case Fraction(int ppm) -> out.u8(1).u32(ppm);
            case Hosts(var hosts) -> {
                out.u8(2);
                Scope.writeHosts(hosts, out);
            }
        }
    }

    static Wave read(ByteReader in) throws Corrupt {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new Fraction(in.u32(ALL_PPM));
            case 2 -> new Hosts(Scope.readHosts(in));
            default -> throw in.refuse("wave 1 (fraction) or 2 (hosts)", kind);
        };
    }

    /// Whether the wave reaches this host.
    ///
    /// @param ppmMax at most this fraction, however large the wave: how far its pace has come by now
    default boolean reaches(String host, Hash salt, long ppmMax) {
        return switch (this) {
            case Fraction(int ppm) -> isBelow(slot(host, salt), Math.min(ppm, ppmMax));
            case Hosts(var hosts) -> Collections.binarySearch(hosts, host) >= 0;
        };
    }
}
