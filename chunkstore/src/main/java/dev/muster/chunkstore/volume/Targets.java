package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.assemble.TargetClaim;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/// What a target is besides its bytes.
public interface Targets {
    /// The name of a target, however it is called.
    Path real(Path target) throws IOException;

    /// Takes a target that is there, so that nobody else uses it until it is closed.
    ///
    /// @throws dev.muster.protocol.MusterException.TargetRefused if somebody does
    Claim claim(Path target) throws IOException;

    /// A target that is nobody else's.
    ///
    /// @param isDevice whether it has a length of its own, which cannot be changed
    record Claim(boolean isDevice, Closeable held) implements Closeable {
        @Override
        public void close() throws IOException {
            held.close();
        }
    }

    /// The files and block devices of this host.
    static Targets ofThisHost() {
        return new Targets() {
            @Override
            public Path real(Path target) throws IOException {
                return TargetClaim.real(target);
            }

            @Override
            public Claim claim(Path target) throws IOException {
                TargetClaim claim = TargetClaim.take(target);
                return new Claim(claim.isDevice(), claim);
            }
        };
    }
}
