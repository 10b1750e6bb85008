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
/// In JSON: `{"hosts":[{"name","site","up","down","known","source"}],"wan":{SITE:{"up","down","known"}}}`, bytes a
/// second with 0 for not known; a coordinator says so of its fleet, and a person may write it. What only was `seen` is
/// the least that a link does. Hosts and links may have a `"limit":{"up","down"}`, which nothing that is assumed
/// exceeds.
///
/// @param known how many hosts there are for each way in which links are known
/// @param assumed the sites of which the WAN link is not known
public record PlannedFleet(Scenario.Fleet fleet, SequencedMap<String, Integer> known, Set<String> assumed) {
    private static final String LABEL = "label";
    private static final String LIMIT = "limit";
    static final int HOSTS_MAX = 100_000;
    static final int SITES_MAX = 1_000;

    public PlannedFleet {
        assumed = Set.copyOf(assumed);
    }

    /// What is taken for that which is not known, or only as far as it was seen.
    ///
    /// @param link of a host without a label, if it was not seen to do more; bytes a second
    /// @param wan of a site, the same
    /// @param far how long a message takes between sites
    public record Assumed(long link, long wan, Duration far) {}

    /// A fleet that does not exist: all alike, spread evenly over the sites, with one source.
    ///
    /// @param source the upload of the source; 0: as all
    public static PlannedFleet even(int hosts, int sites, long source, Assumed assumed) throws BadConfiguration {
        if (hosts < 2 || hosts > HOSTS_MAX || sites < 1 || sites > Math.min(hosts, SITES_MAX)) {
            throw new BadConfiguration("plan: expected 2 to " + HOSTS_MAX + " hosts in 1 to " + SITES_MAX
                    + " sites and no more sites than hosts, found " + hosts + " hosts in " + sites + " sites");
        }
        ObjectNode fleet = Json.object();
        ArrayNode list = fleet.putArray("hosts");
        for (int i = 0; i < hosts; i++) {
            long up = i == 0 && source > 0 ? source : assumed.link;
            list.addObject()
                    .put("name", i == 0 ? "source" : "h" + i)
                    .put("site", "site" + ((long) i * sites / hosts + 1))
                    .put("up", up)
                    .put("down", assumed.link)
                    .put("known", LABEL)
                    .put("source", i == 0);
        }
        return of(fleet, assumed);
    }

    /// @throws BadConfiguration if there is nobody to send, or nobody to receive
    public static PlannedFleet of(JsonNode json, Assumed assumed) throws BadConfiguration {
        if (json.path("hosts").size() > HOSTS_MAX) {
            throw new BadConfiguration("plan: expected at most " + HOSTS_MAX + " hosts, found "
                    + json.path("hosts").size());
        }
        List<Scenario.Host> hosts = new ArrayList<>();
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
            hosts.add(new Scenario.Host(
                    name,
                    site,
                    new Rates(rate(host, "up", how, assumed.link), rate(host, "down", how, assumed.link)),
                    host.path("source").asBoolean()));
            sites.add(site);
            known.merge(how, 1, Integer::sum);
        }
        check(hosts);
        if (sites.size() > SITES_MAX) {
            throw new BadConfiguration("plan: expected at most " + SITES_MAX + " sites, found " + sites.size());
        }
        Set<String> guessed = new TreeSet<>();
        SequencedMap<String, Rates> wan = new LinkedHashMap<>();
        for (String site : sites) {
            JsonNode link = json.path("wan").path(site);
            String how = link.path("known").asText(LABEL);
            Rates rates = new Rates(rate(link, "up", how, assumed.wan), rate(link, "down", how, assumed.wan));
            if (rates.up() != link.path("up").asLong()
                    || rates.down() != link.path("down").asLong()) {
                guessed.add(site);
            }
            wan.put(site, rates);
        }
        Scenario.Delays usual = Scenario.Delays.USUAL;
        Scenario.Delays delays =
                new Scenario.Delays(usual.near(), assumed.far, usual.handling(), usual.diskRate(), usual.pause());
        return new PlannedFleet(new Scenario.Fleet(hosts, wan, delays), known, guessed);
    }

    private static void check(List<Scenario.Host> hosts) throws BadConfiguration {
        long sources = hosts.stream().filter(Scenario.Host::source).count();
        if (sources == 0) {
            throw new BadConfiguration("plan: expected a host that has the image, found none among " + hosts.size()
                    + "; see: muster images");
        }
        if (sources == hosts.size()) {
            throw new BadConfiguration("plan: expected a host that lacks the image, found that all " + hosts.size()
                    + " have it; to plan as if they had lost it: --wiped");
        }
    }

    private static String text(JsonNode host, String field) throws BadConfiguration {
        String text = host.path(field).asText();
        if (text.isEmpty()) {
            throw new BadConfiguration("plan: expected a host with the field " + field + ", found " + host);
        }
        return text;
    }

    private static long rate(JsonNode link, String way, String known, long assumed) {
        long rate = link.path(way).asLong();
        long limit = link.path("limit").path(way).asLong();
        long can = rate > 0 && known.equals(LABEL) ? rate : known.equals(LIMIT) ? assumed : Math.max(rate, assumed);
        return Math.max(1, limit > 0 ? Math.min(limit, can) : can);
    }

    /// Those that do not have the image.
    public long receivers() {
        return fleet.hosts().stream().filter(host -> !host.source()).count();
    }

    /// The form that [#of] reads.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        ArrayNode hosts = json.putArray("hosts");
        for (Scenario.Host host : fleet.hosts()) {
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
                    case "seen" -> "as fast as seen so far, at least " + human(assumed.link);
                    case LIMIT -> "as fast as they are allowed, at most " + human(assumed.link);
                    default -> "not known, taken as " + human(assumed.link);
                }));
        if (!assumed().isEmpty() && fleet.wan().size() > 1) {
            parts.add("WAN of " + assumed().size() + " of " + fleet.wan().size() + " sites taken as "
                    + human(assumed.wan));
        }
        return String.join("; ", parts);
    }

    private static String human(long rate) {
        return String.format(Locale.ROOT, "%s/s", Units.humanBytes(rate));
    }
}
