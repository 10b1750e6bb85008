package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The hosts that a pin speaks of.
public sealed interface Scope {

    /// Every host that has all of these labels; without labels, every host.
    ///
    /// @param labels at most 16; a host's site is its label `site`
    record Match(SortedMap<String, String> labels) implements Scope {
        public static final int LABELS_MAX = 16;

        public Match {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            if (labels.size() > LABELS_MAX) {
                throw new IllegalArgumentException("at most 16 labels, not " + labels.size());
            }
            labels.forEach((label, value) -> {
                Names.require("label", label);
                if (!Names.isLabelValue(value)) {
                    throw new IllegalArgumentException("label " + label
                            + ": expected up to 64 of A-Z a-z 0-9 . _ : / @ -, found " + Names.printable(value, 80));
                }
            });
        }
    }

    /// These hosts.
    ///
    /// @param hosts 1 to 1,000, ascending
    record Hosts(List<String> hosts) implements Scope {
        public Hosts {
            hosts = Names.hosts(hosts);
        }
    }

    static Scope all() {
        return new Match(new TreeMap<>());
    }

    default boolean matches(String host, Map<String, String> labels) {
        return switch (this) {
            case Match(var wanted) -> labels.entrySet().containsAll(wanted.entrySet());
            case Hosts(var hosts) -> Collections.binarySearch(hosts, host) >= 0;
        };
    }

    /// Whether some host may be in both. Labels of hosts are not known here, so hosts and labels always may overlap.
    default boolean overlaps(Scope other) {
        return switch (this) {
            case Match(var mine) ->
                switch (other) {
                    case Match(var theirs) ->
                        mine.entrySet().stream()
                                .allMatch(e -> theirs.getOrDefault(e.getKey(), e.getValue())
                                        .equals(e.getValue()));
                    case Hosts _ -> true;
                };
            case Hosts(var mine) ->
                switch (other) {
                    case Match _ -> true;
                    case Hosts(var theirs) -> !Collections.disjoint(mine, theirs);
                };
        };
    }

    default void write(ByteWriter out) {
        switch (this) {
            case Match(var labels) -> {
                out.u8(1).u8(labels.size());
                labels.forEach((label, value) -> out.text(label).text(value));
            }
            case Hosts(var hosts) -> {
                out.u8(2);
                writeHosts(hosts, out);
            }
        }
    }

    static Scope read(ByteReader in) throws Corrupt {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> {
                SortedMap<String, String> labels = new TreeMap<>();
                int count = in.u8(Match.LABELS_MAX);
                for (int i = 0; i < count; i++) {
                    labels.put(in.text(Names.LABEL_BYTES_MAX), in.text(Names.LABEL_BYTES_MAX));
                }
                yield new Match(labels);
            }
            case 2 -> new Hosts(readHosts(in));
            default -> throw in.refuse("scope 1 (labels) or 2 (hosts)", kind);
        };
    }

    /// u16 count, text each.
    static void writeHosts(List<String> hosts, ByteWriter out) {
        out.u16(hosts.size());
        hosts.forEach(out::text);
    }

    static List<String> readHosts(ByteReader in) throws Corrupt {
        int count = in.u16(Names.HOSTS_MAX);
        List<String> hosts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hosts.add(in.text(64));
        }
        return hosts;
    }
}
