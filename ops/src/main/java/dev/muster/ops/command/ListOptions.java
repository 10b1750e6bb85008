package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.ceremony.KeyRing;
import dev.muster.ops.ceremony.ListChange;
import dev.muster.ops.fleet.Operator;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Revocations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a revocation list gets its signatures.
final class ListOptions {
    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the list for others to sign (muster keys sign, then submit) instead of handing it in.")
    private @Nullable Path out;

    /// Whether a list can be made: there are keys to sign it with, or a file to write it to.
    boolean given(Invocation invocation) {
        return out != null || invocation.optionalKeys().isPresent();
    }

    JsonNode change(Invocation invocation, Operator operator, UnaryOperator<Revocations> change) throws IOException {
        if (!given(invocation)) {
            throw new BadConfiguration("expected --keys DIR with the release keys, or --out FILE for who has them");
        }
        Optional<KeyRing> keys =
                invocation.optionalKeys().isPresent() ? Optional.of(invocation.keyRing()) : Optional.empty();
        return ListChange.make(operator, change, keys, Optional.ofNullable(out));
    }

    /// What becomes of it, for people.
    String text(JsonNode answer, String what) {
        return out == null
                ? what + ": every host that is reached knows it within seconds"
                : what + " as soon as the release keys have signed " + out + ": muster keys sign " + out
                        + " --keys DIR, then muster keys submit " + out;
    }
}
