package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.bench.plan.Plan;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.plan.Lacking;
import dev.muster.ops.plan.PlanView;
import dev.muster.ops.plan.PlannedFleet;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.content.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster plan`: how long a rollout will take, before it is started.
@Command(
        name = "plan",
        description = {
            "Simulate a rollout with the swarm's own decisions: how long it takes, what holds it up, what would help.",
            "Of the running fleet, with links as labels (link=1Gbit), limits and what was seen say; or of one that",
            "options or a file describe. A plan of the fleet as it is shows beside a rollout within a day.",
            "With --home of an agent that has the release, what hosts lack that run another one is known."
        },
        footer = {
            "",
            "Example:",
            "  muster plan debian:2 --group all --wiped --operator fleet/operator",
            "  muster plan --hosts 1000 --sites 5 --image 20GiB --link 1Gbit --wan 200Mbit"
        })
final class PlanCommand implements Callable<Integer> {
    private static final long GIGABIT = 125_000_000;
    private static final Duration DELAY = Duration.ofMillis(10);
    private static final String EVERYBODY = "all";
    private static final int PER_CENT = 100;

    private final Invocation invocation;

    @Parameters(paramLabel = "REF", arity = "0..1", description = "The release.")
    private @Nullable String ref;

    @Option(names = "--group", paramLabel = "GROUP", description = "For whom: all, if not said.")
    private @Nullable String group;

    @Option(names = "--wiped", description = "As if the group had lost it, but for those that keep it (store.keep).")
    private boolean wiped;

    @Option(names = "--image", paramLabel = "SIZE", description = "How much each host receives; else the release says.")
    private @Nullable ByteCount size;

    @Option(names = "--hosts", paramLabel = "N", description = "No fleet that exists, but so many hosts, all alike.")
    private @Nullable Integer hosts;

    @Option(names = "--sites", paramLabel = "N", description = "With --hosts: 1, if not said.")
    private @Nullable Integer sites;

    @Option(names = "--fleet", paramLabel = "FILE", description = "Hosts and links as --json prints them (\"fleet\").")
    private @Nullable Path file;

    @Option(
            names = "--link",
            paramLabel = "RATE",
            description = "What links of hosts without a label do at least, within limits: 1Gbit, if not said.")
    private @Nullable ByteRate link;

    @Option(names = "--source-link", paramLabel = "RATE", description = "With --hosts: the upload of the source.")
    private @Nullable ByteRate sourceLink;

    @Option(names = "--wan", paramLabel = "RATE", description = "The same of WAN links.")
    private @Nullable ByteRate wan;

    @Option(names = "--wan-delay", paramLabel = "TIME", description = "One way between sites: 10ms, if not said.")
    private @Nullable Duration delay;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same gives the same: ${DEFAULT-VALUE}.")
    private long seed = 1;

    PlanCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /// What is planned for, and what of.
    ///
    /// @param exact whether `bytes` is what each receives; else it is the most that it can be
    private record Task(PlannedFleet fleet, String image, long bytes, boolean exact) {}

    @Override
    public Integer call() throws IOException {
        PlannedFleet.Assumed assumed = new PlannedFleet.Assumed(rate(link), rate(wan), delay == null ? DELAY : delay);
        check();
        if (hosts != null || file != null) {
            show(task(assumed), assumed);
            return Commands.done();
        }
        try (Operator operator = invocation.operator()) {
            Task task = task(operator, assumed);
            PlanView view = show(task, assumed);
            if (!isAssumed()) {
                remember(operator, task.image, view.plan());
            }
        }
        return Commands.done();
    }

    /// Whether it is of another fleet or image than there is.
    private boolean isAssumed() {
        return wiped || size != null || link != null || wan != null || delay != null;
    }

    /// No option is for nothing.
    private void check() throws BadConfiguration {
        boolean described = hosts != null || file != null;
        refuse(described && wiped, "--wiped", "with REF");
        refuse(described && group != null, "--group", "with REF");
        refuse(hosts == null && sites != null, "--sites", "with --hosts");
        refuse(hosts == null && sourceLink != null, "--source-link", "with --hosts");
    }

    private static void refuse(boolean useless, String option, String where) throws BadConfiguration {
        if (useless) {
            throw new BadConfiguration("plan: expected " + option + " only " + where + ", found it without");
        }
    }

    private String group() {
        return group == null ? EVERYBODY : group;
    }

    private PlanView show(Task task, PlannedFleet.Assumed assumed) throws BadConfiguration {
        Plan plan;
        try (ShownProgress progress = invocation.progress()) {
            progress.share("simulate", PER_CENT);
            long[] shown = {0};
            plan = Plan.of(task.fleet.fleet(), task.bytes, seed, share -> {
                long now = (long) (share * PER_CENT);
                progress.advance(Math.max(0, now - shown[0]));
                shown[0] = Math.max(now, shown[0]);
            });
        }
        PlanView view = new PlanView(plan, task.image, task.bytes, task.fleet, assumed, task.exact);
        invocation.output().result(view.json(), view.text());
        return view;
    }

    /// Of a fleet that people describe.
    private Task task(PlannedFleet.Assumed assumed) throws IOException {
        if (size == null || size.bytes() == 0 || ref != null || (hosts != null && file != null)) {
            throw new BadConfiguration("plan: expected --image SIZE and no REF, with one of --hosts and --fleet");
        }
        if (file == null) {
            int count = hosts == null ? 0 : hosts;
            long source = sourceLink == null ? 0 : sourceLink.bytesPerSecond();
            return new Task(
                    PlannedFleet.even(count, sites == null ? 1 : sites, source, assumed), "", size.bytes(), true);
        }
        JsonNode json = Json.parse(file.toString(), Files.readString(file));
        return new Task(
                PlannedFleet.of(json.has("fleet") ? json.path("fleet") : json, assumed), "", size.bytes(), true);
    }

    /// Of the fleet that there is.
    private Task task(Operator operator, PlannedFleet.Assumed assumed) throws IOException {
        if (ref == null) {
            throw new BadConfiguration("plan: expected REF, or --image SIZE with --hosts or --fleet, found neither");
        }
        JsonNode capacity = operator.get("/v1/capacity?group=" + Operator.segment(group()) + "&ref="
                + Operator.segment(ref) + (wiped ? "&wiped=1" : ""));
        PlannedFleet fleet = PlannedFleet.of(capacity, assumed);
        String image = capacity.path("image").asText();
        if (size != null) {
            return new Task(fleet, image, size.bytes(), true);
        }
        List<JsonNode> hosts = wiped ? List.of() : Lacking.lacking(operator.get("/v1/status"), capacity);
        long known = wireBytes(operator.image(image), hosts);
        long most = capacity.path("chunks").asLong() * Frame.PER_CHUNK_MAX * Frame.RAW_BYTES;
        return new Task(fleet, image, Math.max(1, known > 0 ? known : most), known > 0);
    }

    /// From the agent on this host, if one was named that has the image; else 0.
    private long wireBytes(JsonNode image, List<JsonNode> hosts) throws IOException {
        if (!invocation.isHome()) {
            return 0;
        }
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            return Lacking.bytes(agent.store(), image, hosts);
        } catch (MusterException e) {
            invocation.output().note("how much it is on the wire is not known: " + e.getMessage());
            return 0;
        }
    }

    /// So that the rollout says it too; a viewer cannot.
    private void remember(Operator operator, String image, Plan plan) {
        ObjectNode forecast = Json.object().put("group", group()).put("ref", image);
        forecast.put("halfMillis", plan.times().half().toMillis())
                .put("mostMillis", plan.times().most().toMillis())
                .put("allMillis", plan.times().all().toMillis())
                .put("bottleneck", plan.bound().bottleneck());
        try {
            JsonNode _ = operator.post("/v1/forecasts", forecast);
        } catch (IOException e) {
            invocation.output().note("the rollout will not show this forecast: " + e.getMessage());
        }
    }

    private static long rate(@Nullable ByteRate given) {
        return given == null || given.bytesPerSecond() == 0 ? GIGABIT : given.bytesPerSecond();
    }
}
