package dev.muster.bench.lab;

import dev.muster.coordinator.rollout.Bound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// Which hosts there are, and how fast their links are. Pure: the commands that build it are data.
///
/// @param prefix of every namespace
/// @param rate of each host's link, either way, bytes a second
/// @param wan of each site's link, either way, bytes a second; of no account with one site
record Topology(String prefix, int sites, int hostsPerSite, long rate, long wan) {
    static final int SITES_MAX = 64;
    static final int HOSTS_PER_SITE_MAX = 200;

    private static final String NETWORK = "10.77.";
    private static final int ROUTER = 1;
    private static final int COORDINATOR = 5;
    private static final int FIRST_HOST = 10;

    /// What a bucket holds: so much time of its link, but no less than the largest packet that the kernel
    /// hands on.
    private static final double BURST_SECONDS = 0.01;

    private static final long BURST_BYTES_MIN = 64 * 1024;

    Topology {
        if (sites < 1 || sites > SITES_MAX || hostsPerSite < 1 || hostsPerSite > HOSTS_PER_SITE_MAX) {
            throw new IllegalArgumentException("expected 1 to " + SITES_MAX + " sites of 1 to " + HOSTS_PER_SITE_MAX
                    + " hosts, found " + sites + "x" + hostsPerSite);
        }
        if (sites * hostsPerSite < 2 || rate < 1 || (sites > 1 && wan < 1)) {
            throw new IllegalArgumentException("expected 2 hosts or more, and rates above 0");
        }
    }

    /// The first of them is the source.
    List<Node> hosts() {
        List<Node> hosts = new ArrayList<>();
        for (int site = 0; site < sites; site++) {
            for (int host = 0; host < hostsPerSite; host++) {
                String name = "h" + site + "-" + host;
                hosts.add(new Node(name, prefix + "-" + name, site, address(site, FIRST_HOST + host)));
            }
        }
        return hosts;
    }

    Node source() {
        return hosts().getFirst();
    }

    List<Node> receivers() {
        return hosts().subList(1, hosts().size());
    }

    /// Beside the source, behind a link that nothing caps.
    Node coordinator() {
        return new Node("coordinator", prefix + "-coordinator", 0, address(0, COORDINATOR));
    }

    String router() {
        return prefix + "-router";
    }

    /// The router's end of a site's link.
    static String wanLink(int site) {
        return "wan" + site;
    }

    private String bridge(int site) {
        return prefix + "-site" + site;
    }

    /// Every namespace, in the order in which they are made.
    List<String> namespaces() {
        List<String> namespaces = new ArrayList<>(List.of(router()));
        IntStream.range(0, sites).mapToObj(this::bridge).forEach(namespaces::add);
        namespaces.add(coordinator().namespace());
        hosts().forEach(host -> namespaces.add(host.namespace()));
        return namespaces;
    }

    /// The least time in which any program can bring so many bytes to all receivers, and what does not let it
    /// be less.
    Bound bound(long bytes) {
        Bound.Rates link = new Bound.Rates(rate, rate);
        Map<String, Bound.Rates> links = new HashMap<>();
        List<Bound.Host> all = new ArrayList<>();
        for (Node host : hosts()) {
            links.put("site" + host.site(), sites == 1 ? Bound.Rates.UNLIMITED : new Bound.Rates(wan, wan));
            all.add(new Bound.Host(host.name(), "site" + host.site(), host.equals(source()), link));
        }
        return Bound.of(bytes, all, links).orElseThrow();
    }

    Topology slower() {
        return new Topology(prefix, sites, hostsPerSite, rate / 2, wan / 2);
    }

    /// What builds it, a command each; removing the namespaces removes all of it.
    List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        for (String namespace : namespaces()) {
            add(commands, "ip netns add " + namespace);
            add(commands, "ip -n " + namespace + " link set lo up");
        }
        add(commands, "ip netns exec " + router() + " sysctl -qw net.ipv4.ip_forward=1");
        for (int site = 0; site < sites; site++) {
            join(site, commands);
        }
        plug(coordinator(), "coordinator", false, commands);
        for (Node host : hosts()) {
            plug(host, host.name(), true, commands);
        }
        return commands;
    }

    private void join(int site, List<List<String>> commands) {
        String bridge = bridge(site);
        String wanLink = wanLink(site);
        add(commands, "ip -n " + bridge + " link add bridge type bridge");
        add(commands, "ip -n " + bridge + " link set bridge up");
        add(commands, "ip link add " + wanLink + " netns " + router() + " type veth peer name uplink netns " + bridge);
        add(commands, "ip -n " + bridge + " link set uplink master bridge");
        add(commands, "ip -n " + bridge + " link set uplink up");
        add(commands, "ip -n " + router() + " addr add " + address(site, ROUTER) + "/24 brd + dev " + wanLink);
        add(commands, "ip -n " + router() + " link set " + wanLink + " up");
        if (sites > 1) {
            cap(router(), wanLink, wan, commands);
            cap(bridge, "uplink", wan, commands);
        }
    }

    /// @param port what the bridge calls its end
    private void plug(Node node, String port, boolean capped, List<List<String>> commands) {
        String bridge = bridge(node.site());
        String namespace = node.namespace();
        add(commands, "ip link add eth0 netns " + namespace + " type veth peer name " + port + " netns " + bridge);
        add(commands, "ip -n " + bridge + " link set " + port + " master bridge");
        add(commands, "ip -n " + bridge + " link set " + port + " up");
        add(commands, "ip -n " + namespace + " addr add " + node.address() + "/24 brd + dev eth0");
        add(commands, "ip -n " + namespace + " link set eth0 up");
        add(commands, "ip -n " + namespace + " route add default via " + address(node.site(), ROUTER));
        add(commands, "ip -n " + namespace + " route add 224.0.0.0/4 dev eth0");
        if (capped) {
            cap(namespace, "eth0", rate, commands);
            cap(bridge, port, rate, commands);
        }
    }

    private static void cap(String namespace, String device, long rate, List<List<String>> commands) {
        long burst = Math.max(BURST_BYTES_MIN, Math.round(rate * BURST_SECONDS));
        add(
                commands,
                "tc -n " + namespace + " qdisc add dev " + device + " root tbf rate " + rate * Byte.SIZE + "bit burst "
                        + burst + " latency 30ms");
    }

    private static void add(List<List<String>> commands, String command) {
        commands.add(List.of(command.split(" ")));
    }

    private static String address(int site, int host) {
        return NETWORK + site + "." + host;
    }

    /// For people.
    @Override
    public String toString() {
        String hosts = sites == 1 ? hostsPerSite + " hosts" : sites + " sites x " + hostsPerSite + " hosts";
        return hosts + " at " + megabits(rate) + (sites == 1 ? "" : ", WAN " + megabits(wan));
    }

    private static String megabits(long rate) {
        return String.format(Locale.ROOT, "%.0f Mbit/s", rate * (double) Byte.SIZE / 1e6);
    }
}
