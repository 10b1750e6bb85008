package dev.muster.coordinator.api;

import dev.muster.coordinator.rollout.Forecast;
import dev.muster.coordinator.rollout.Progress;
import dev.muster.coordinator.rollout.Rollout;
import dev.muster.coordinator.rollout.Standing;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A rollout in JSON: `created` in epoch milliseconds; `hosts` is how many its pin decides for:
/// `{"all","done","failed"}`; `seconds` from the pin until all ran it, or until now; `bound` the least that
/// it takes, `{"seconds","multiple"}`, by what links were seen to do; both 0 where that is not known;
/// `forecast` is there if somebody made one before: `{"half","most","all","bottleneck"}`, when half of the hosts,
/// 99 of 100 and the last were to have all, in seconds.
final class RolloutView {
    private RolloutView() {}

    static Map<String, Object> of(Rollout rollout, Standing standing, Optional<Forecast> forecast) {
        Progress progress = standing.progress();
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
        view.put("seconds", standing.took().toMillis() / 1e3);
        view.put("bound", Map.of("seconds", standing.bound().toMillis() / 1e3, "multiple", standing.multiple()));
        view.put("bottleneck", standing.bottleneck());
        forecast.ifPresent(each -> view.put("forecast", view(each)));
        return view;
    }

    private static Map<String, Object> view(Forecast forecast) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("half", forecast.half().toMillis() / 1e3);
        view.put("most", forecast.most().toMillis() / 1e3);
        view.put("all", forecast.all().toMillis() / 1e3);
        view.put("bottleneck", forecast.bottleneck());
        return view;
    }
}
