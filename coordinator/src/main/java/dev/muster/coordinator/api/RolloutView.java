package dev.muster.coordinator.api;

import dev.muster.coordinator.rollout.Progress;
import dev.muster.coordinator.rollout.Rollout;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A rollout in JSON.
///
/// @param hosts how many its pin decides for: `{"all","done","failed"}`
record RolloutView(
        String id, String group, String name, Map<String, String> documents, String state, Map<String, Long> hosts) {

    static RolloutView of(Rollout rollout, Progress progress) {
        Map<String, Long> hosts = new LinkedHashMap<>();
        hosts.put("all", (long) progress.hosts());
        hosts.put("done", (long) progress.done());
        hosts.put("failed", (long) progress.failed());
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("release", rollout.release().toString());
        documents.put("pin", rollout.pin().toString());
        return new RolloutView(
                rollout.id(),
                rollout.group(),
                rollout.name(),
                documents,
                progress.state().name().toLowerCase(Locale.ROOT),
                hosts);
    }
}
