package dev.muster.ops.ceremony;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Type;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The next revocation list: signed at once where the release keys are at hand, else a file for those who have them.
public final class ListChange {
    private ListChange() {}

    /// @param keys empty: nobody signs it here
    /// @param out where to write it instead of handing it in
    public static JsonNode make(
            Operator operator, UnaryOperator<Revocations> change, Optional<KeyRing> keys, Optional<Path> out)
            throws IOException {
        Revocations next = change.apply(operator.revocations());
        Paper paper = new Paper(next.sign(keys.isPresent() ? keys.get().of(Type.REVOCATIONS) : List.of()));
        if (out.isPresent()) {
            paper.write(out.get());
            return Json.object()
                    .put("document", paper.envelope().hash().toString())
                    .put("number", next.number())
                    .put("file", out.get().toString());
        }
        return operator.submit(paper.envelope());
    }
}
