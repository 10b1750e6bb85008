package dev.muster.ops.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bench.sim.Scenario;
import dev.muster.coordinator.rollout.Bound.Rates;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A fleet for which something is planned, and how its links are known.
///
/// In JSON: `{"hosts":[{"name","site","up","down","known","source"}],"wan":{SITE:{"up","down"}}}`, bytes a second with
/// 0 for not known; a coordinator says so of its fleet, and a person may write it.
///
/// @param known how many hosts there are for each way in which links are known
/// @param assumed the sites of which the WAN link is not known
public record PlannedFleet(Scenario.Fleet fleet, SequencedMap<String, Integer> known, Set<String> assumed) {
    private static final String LABEL = "label";
    private static final String LIMIT = "limit";
    private static final String SEEN = "seen";
    private static final int HOSTS_MAX = 1_000_000;
    private static final int SITES_MAX = 1_000;

    /// Who was never seen to do more has not been busy yet: 1 MB/s.
    private static final long SEEN_MIN = 1_000_000;

    public PlannedFleet {
        assumed = Set.copyOf(assumed);
    }

    /// What is taken for that which is not known, or only as far as it was seen.
    ///
    /// @param link of a host; `given` if a person said so, which then counts for all that have no label
    /// @param wan of a site
    /// @param far how long a message takes between sites
    public record Assumed(Rate link, Rate wan, Duration far) {}

    /// @param given whether a person said so
    public record Rate(long bytesPerSecond, boolean given) {}

    /// A fleet that does not exist: all alike, spread evenly over the sites, with one source.
    ///
    /// @param source the upload of the source; 0: as all
    public static PlannedFleet even(int hosts, int sites, long source, Assumed assumed) throws BadConfiguration {
        if (hosts < 2 || hosts > HOSTS_MAX || sites < 1 || sites > hosts) {
            throw new BadConfiguration("plan: expected 2 to 1,000,000 hosts and no more sites than hosts, found "
                    + hosts + " hosts in " + sites + " sites");
        }
        ObjectNode fleet = Json.object();
        ArrayNode list = fleet.putArray("hosts");
        for (int i = 0; i < hosts; i++) {
            long up = i == 0 && source > 0 ? source : assumed.link.bytesPerSecond;
            list.addObject()
                    .put("name", i == 0 ? "source" : "h" + i)
                    .put("site", "site" + ((long) i * sites / hosts + 1))
                    .put("up", up)
                    .put("down", assumed.link.bytesPerSecond)
                    .put("known", LABEL)
                    .put("source", i == 0);
        }
        return of(fleet, assumed);
    }

    /// @throws BadConfiguration if there is nobody to send, or nobody to receive
    public static PlannedFleet of(JsonNode json, Assumed assumed) throws BadConfiguration {
        List<Scenario.Machine> hosts = new ArrayList<>();
        SequencedMap<String, Integer> known = new TreeMap<>();
        Set<String> sites = new TreeSet<>();
        Set<String> names = new HashSet<>();
        Map<String, Integer> counts = new HashMap<>();
        for (JsonNode host : json.path("hosts")) {
            String site = text(host, "site");
            String name = text(host, "name");
            String how = host.path("known").asText(LABEL);
            while (!names.add(name)) {
                name = text(host, "name") + "-" + counts.merge(text(host, "name"), 1, Integer::sum);
            }
            hosts.add(new Scenario.Machine(
                    name,
                    site,
                    new Rates(rate(host, "up", how, assumed.link), rate(host, "down", how, assumed.link)),
                    host.path("source").asBoolean()));
            sites.add(site);
            known.merge(how, 1, Integer::sum);
        }
        check(hosts);
        if (sites.size() > SITES_MAX) {
            throw new BadConfiguration("plan: expected at most 1,000 sites, found " + sites.size());
        }
        Set<String> guessed = new TreeSet<>();
        SequencedMap<String, Rates> wan = new LinkedHashMap<>();
        for (String site : sites) {
            JsonNode link = json.path("wan").path(site);
            if (link.path("up").asLong() == 0 || link.path("down").asLong() == 0 || assumed.wan.given) {
                guessed.add(site);
            }
            wan.put(site, new Rates(rate(link, "up", "", assumed.wan), rate(link, "down", "", assumed.wan)));
        }
        Scenario.Delays usual = Scenario.Delays.USUAL;
        Scenario.Delays delays =
                new Scenario.Delays(usual.near(), assumed.far, usual.handling(), usual.diskRate(), usual.pause());
        return new PlannedFleet(new Scenario.Fleet(hosts, wan, delays), known, guessed);
    }

    private static void check(List<Scenario.Machine> hosts) throws BadConfiguration {
        long sources = hosts.stream().filter(Scenario.Machine::source).count();
        if (sources == 0) {
            throw new BadConfiguration("plan: expected a host that has the image, found none among " + hosts.size()
                    + "; see: muster images");
        }
        if (sources == hosts.size()) {
            throw new BadConfiguration("plan: expected a host that lacks the image, found that all " + hosts.size()
                    + " have it; to plan as if they had lost it: --wiped");
        }
        if (hosts.size() > HOSTS_MAX) {
            throw new BadConfiguration("plan: expected at most 1,000,000 hosts, found " + hosts.size());
        }
    }

    private static String text(JsonNode host, String field) throws BadConfiguration {
        String text = host.path(field).asText();
        if (text.isEmpty()) {
            throw new BadConfiguration("plan: expected a host with the field " + field + ", found " + host);
        }
        return text;
    }

    private static long rate(JsonNode link, String way, String known, Rate assumed) {
        long rate = link.path(way).asLong();
        if (rate <= 0) {
            return assumed.bytesPerSecond;
        }
        return switch (known) {
            case LABEL -> rate;
            // What an operator allows stays a limit, whatever the link can do.
            case LIMIT -> assumed.given ? Math.min(rate, assumed.bytesPerSecond) : rate;
            case SEEN -> assumed.given || rate < SEEN_MIN ? assumed.bytesPerSecond : rate;
            default -> assumed.given ? assumed.bytesPerSecond : rate;
        };
    }

    /// Those that do not have the image.
    public long receivers() {
        return fleet.hosts().stream().filter(host -> !host.source()).count();
    }

    /// The form that [#of] reads.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        ArrayNode hosts = json.putArray("hosts");
        for (Scenario.Machine host : fleet.hosts()) {
            hosts.addObject()
                    .put("name", host.id())
                    .put("site", host.site())
                    .put("up", host.nic().up())
                    .put("down", host.nic().down())
                    .put("source", host.source());
        }
        ObjectNode wan = json.putObject("wan");
        fleet.wan()
                .forEach((site, rates) ->
                        wan.putObject(site).put("up", rates.up()).put("down", rates.down()));
        return json;
    }

    /// How links are known, for people.
    String links(Assumed assumed) {
        List<String> parts = new ArrayList<>();
        known.forEach((how, count) -> parts.add(count + " "
                + switch (how) {
                    case LABEL -> "as said";
                    case SEEN -> assumed.link.given ? "taken as " + human(assumed.link) : "as fast as seen so far";
                    case LIMIT -> "as fast as they are allowed";
                    default -> "not known, taken as " + human(assumed.link);
                }));
        if (!assumed().isEmpty() && fleet.wan().size() > 1) {
            parts.add("WAN of " + assumed().size() + " of " + fleet.wan().size() + " sites taken as "
                    + human(assumed.wan));
        }
        return String.join("; ", parts);
    }

    private static String human(Rate rate) {
        return String.format(Locale.ROOT, "%s/s", Units.humanBytes(rate.bytesPerSecond));
    }
}
