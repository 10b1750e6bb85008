package dev.muster.ops.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.agent.control.RemoteStore;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.pack.Parent;
import dev.muster.ops.fleet.Operator;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds what to pack against.
final class Parents {
    private final Operator operator;
    private final ControlClient agent;
    private final Consumer<String> notes;

    /// @param notes is told why there is no parent where there might be one
    Parents(Operator operator, ControlClient agent, Consumer<String> notes) {
        this.operator = operator;
        this.agent = agent;
        this.notes = notes;
    }

    /// The artifact of a role of the parent, with the headers of its chunks, if they can be had.
    ///
    /// @param release as a coordinator describes it
    List<Parent> of(JsonNode release, String role, Progress progress) throws IOException {
        for (JsonNode artifact : release.path("artifacts")) {
            if (artifact.path("role").asText().equals(role)) {
                ManifestId id = ManifestId.parse(artifact.path("manifest").asText());
                return here(id, release.path("image").asText(), progress)
                        .map(manifest -> new Parent(manifest, agent.store()))
                        .stream()
                        .toList();
            }
        }
        return List.of();
    }

    private Optional<Manifest> here(ManifestId id, String name, Progress progress) throws IOException {
        RemoteStore store = agent.store();
        try {
            if (!isWhole(id, store)) {
                agent.ask(ControlClient.request("pull").put("ref", id.toString()), progress);
            }
            return Optional.of(Manifest.read(operator.head(id), store));
        } catch (Unknown | Unreachable | Refused e) {
            notes.accept("parent " + name + " is left out, so what it has is packed again: " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isWhole(ManifestId id, RemoteStore store) throws IOException {
        try {
            Manifest manifest = Manifest.read(operator.head(id), store);
            return manifest.chunks().stream().allMatch(chunk -> store.has(chunk.id()));
        } catch (Unknown _) {
            return false; // A page is not here.
        }
    }
}
