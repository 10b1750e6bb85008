package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.agent.control.RemoteStore;
import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;

/// An image of which the agent on this host has everything.
///
/// @param name `name:version`, or the manifest id
/// @param manifest of its disk
record LocalImage(String name, Manifest manifest, RemoteStore store) {

    /// Has the agent fetch what it lacks.
    static LocalImage pull(ControlClient agent, String ref, Progress progress) throws IOException {
        JsonNode image = ask(agent, ref, progress);
        ManifestId id = ManifestId.parse(image.path("manifest").asText());
        RemoteStore store = agent.store();
        return new LocalImage(image.path("name").asText(), store.manifest(id), store);
    }

    /// As [#pull], for those who want to know what it is only.
    static JsonNode ask(ControlClient agent, String ref, Progress progress) throws IOException {
        return agent.ask(ControlClient.request("pull").put("ref", ref), progress);
    }
}
