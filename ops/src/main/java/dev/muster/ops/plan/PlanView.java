package dev.muster.ops.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bench.plan.Plan;
import dev.muster.bench.plan.Remedy;
import dev.muster.bench.sim.Scenario;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.config.Units;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A plan, for people and for programs.
///
/// @param image what it is called, or empty
/// @param bytes how much each host is to receive
public record PlanView(
        Plan plan, String image, long bytes, PlannedFleet planned, PlannedFleet.Assumed assumed, boolean exact) {

    /// Seconds, bytes, copies of the image.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("image", image).put("bytes", bytes).put("exact", exact).put("receivers", planned.receivers());
        Plan.Times times = plan.times();
        json.putObject("forecast")
                .put("half", seconds(times.half()))
                .put("most", seconds(times.most()))
                .put("all", seconds(times.all()))
                .put("multiple", plan.multiple());
        json.putObject("bound")
                .put("seconds", seconds(plan.bound().time()))
                .put("bottleneck", plan.bound().bottleneck());
        plan.remedy()
                .ifPresent(remedy -> json.putObject("remedy")
                        .put("twice", remedy.what())
                        .put("seconds", seconds(remedy.bound().time()))
                        .put("bottleneck", remedy.bound().bottleneck())
                        .put("or", remedy.how()));
        json.put("sourceCopies", plan.traffic().sourceCopies());
        ObjectNode wan = json.putObject("wanCopies");
        plan.traffic()
                .wanIn()
                .forEach((site, in) -> wan.putObject(site)
                        .put("in", in)
                        .put("out", plan.traffic().wanOut().getOrDefault(site, 0.0)));
        Plan.Effort effort = plan.effort();
        json.putObject("simulated")
                .put("hosts", effort.hosts())
                .put("bytes", effort.bytes())
                .put("seconds", effort.seconds())
                .put("error", effort.error());
        json.set("fleet", planned.json());
        return json;
    }

    public String text() {
        Plan.Times times = plan.times();
        int hosts = planned.fleet().hosts().size();
        int sites = planned.fleet().wan().size();
        Table table = new Table(
                "what",
                (image.isEmpty() ? "" : image + ", ") + (exact ? "" : "at most ") + Units.humanBytes(bytes)
                        + " for each of " + planned.receivers() + " hosts");
        table.row(
                "from",
                (hosts - planned.receivers()) + " that have it; " + hosts + " hosts in " + sites
                        + (sites == 1 ? " site" : " sites"));
        table.row("links", planned.links(assumed));
        table.row(
                "forecast",
                human(times.all()) + " for all hosts, " + human(times.most()) + " for 99 of 100, " + human(times.half())
                        + " for half");
        table.row(
                "least",
                String.format(
                        Locale.ROOT,
                        "%s is the least that these links allow; the forecast is %.2f x that",
                        human(plan.bound().time()),
                        plan.multiple()));
        table.row("bottleneck", plan.bound().bottleneck());
        table.row("to be faster", plan.remedy().map(PlanView::remedy).orElse("no single link: several are as slow"));
        table.row(
                "source",
                String.format(
                        Locale.ROOT,
                        "sends %.2f copies of the image",
                        plan.traffic().sourceCopies()));
        table.row("simulated", simulated());
        return table + (sites > 1 ? "\n\n" + wan() : "");
    }

    private static String remedy(Remedy remedy) {
        return "twice the " + remedy.what() + ": at least "
                + human(remedy.bound().time()) + ", then " + remedy.bound().bottleneck()
                + (remedy.how().isEmpty() ? "" : "; or " + remedy.how());
    }

    private String simulated() {
        Plan.Effort effort = plan.effort();
        String all = String.format(
                Locale.ROOT,
                "%d hosts, %s, in %.1f s",
                effort.hosts(),
                Units.humanBytes(effort.bytes()),
                effort.seconds());
        return effort.error() == 0
                ? all
                : all
                        + String.format(
                                Locale.ROOT, "; what was left out may change it by %.0f %%", 100 * effort.error());
    }

    private String wan() {
        Map<String, Long> hosts = planned.fleet().hosts().stream()
                .collect(Collectors.groupingBy(Scenario.Host::site, Collectors.counting()));
        Table table = new Table("SITE", "HOSTS", "WAN IN", "WAN OUT", "COPIES IN", "COPIES OUT");
        planned.fleet()
                .wan()
                .forEach((site, rates) -> table.row(
                        site,
                        String.valueOf(hosts.getOrDefault(site, 0L)),
                        Units.humanBytes(rates.down()) + "/s",
                        Units.humanBytes(rates.up()) + "/s",
                        copies(plan.traffic().wanIn().getOrDefault(site, 0.0)),
                        copies(plan.traffic().wanOut().getOrDefault(site, 0.0))));
        return table.toString();
    }

    private static String copies(double copies) {
        return String.format(Locale.ROOT, "%.2f", copies);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static String human(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 120
                ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3)
                : seconds < 7200
                        ? (seconds + 30) / 60 + " min"
                        : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
    }
}
