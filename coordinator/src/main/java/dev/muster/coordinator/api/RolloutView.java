package dev.muster.coordinator.api;

import dev.muster.coordinator.rollout.Progress;
import dev.muster.coordinator.rollout.Rollout;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A rollout in JSON: times in epoch milliseconds; `hosts` is how many its pin decides for: `{"all","done","failed"}`.
final class RolloutView {
    private RolloutView() {}

    static Map<String, Object> of(Rollout rollout, Progress progress) {
        Map<String, Long> hosts = new LinkedHashMap<>();
        hosts.put("all", (long) progress.hosts());
        hosts.put("done", (long) progress.done());
        hosts.put("failed", (long) progress.failed());
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("release", rollout.release().toString());
        documents.put("pin", rollout.pin().toString());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", rollout.id());
        view.put("group", rollout.group());
        view.put("name", rollout.name());
        view.put("documents", documents);
        view.put("created", rollout.created());
        view.put("state", progress.state().name().toLowerCase(Locale.ROOT));
        view.put("hosts", hosts);
        return view;
    }
}
