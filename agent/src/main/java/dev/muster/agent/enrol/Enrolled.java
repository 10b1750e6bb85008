package dev.muster.agent.enrol;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Name;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this host was told when it was enrolled.
///
/// @param labels by which pins address it, its site among them, which must be a [Name]
/// @param coordinators where their API answers
/// @param cluster where the cluster's first members answer
public record Enrolled(
        String host,
        String fleet,
        SortedMap<String, String> labels,
        RootChain roots,
        List<Address> coordinators,
        List<Address> cluster) {
    private static final int FILE_BYTES_MAX = 1 << 16;
    private static final int ROOTS_MAX = 1024;
    private static final String LABEL = "label.";

    public Enrolled {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        coordinators = List.copyOf(coordinators);
        cluster = List.copyOf(cluster);
        Name.checked("host id", host);
        Name.checked("site", siteOf(labels));
    }

    public String site() {
        return siteOf(labels);
    }

    private static String siteOf(Map<String, String> labels) {
        return labels.getOrDefault("site", "default");
    }

    Enrolled withLabels(SortedMap<String, String> other) {
        return new Enrolled(host, fleet, other, roots, coordinators, cluster);
    }

    static boolean exists(Path home) {
        return Files.exists(file(home));
    }

    static Enrolled load(Path home) throws IOException {
        Properties values = new Properties();
        values.load(new StringReader(new String(DurableFile.read(file(home), FILE_BYTES_MAX), StandardCharsets.UTF_8)));
        SortedMap<String, String> labels = new TreeMap<>();
        for (String key : values.stringPropertyNames()) {
            if (key.startsWith(LABEL)) {
                labels.put(key.substring(LABEL.length()), values.getProperty(key));
            }
        }
        try {
            return new Enrolled(
                    need(values, "host", home),
                    need(values, "fleet", home),
                    labels,
                    RootChain.of(Hash.parse(need(values, "root", home)), readRoots(home)),
                    addresses(need(values, "coordinators", home)),
                    addresses(need(values, "cluster", home)));
        } catch (IllegalArgumentException e) {
            throw new Corrupt(file(home) + ": " + e.getMessage(), e);
        }
    }

    /// Keeps the roots, and then the rest, durably.
    void save(Path home) throws IOException {
        Path directory = rootDirectory(home);
        DurableFile.createDirectory(directory, false);
        for (int i = 0; i < roots.roots().size(); i++) {
            DurableFile.write(
                    directory.resolve(String.format(Locale.ROOT, "%04d", i)),
                    roots.roots().get(i).envelope().encode());
        }
        StringBuilder text = new StringBuilder();
        line(text, "host", host);
        line(text, "fleet", fleet);
        line(text, "root", roots.roots().getFirst().hash().toString().replace(":", "\\:"));
        line(text, "coordinators", join(coordinators));
        line(text, "cluster", join(cluster));
        labels.forEach((label, value) -> line(text, LABEL + label, value));
        DurableFile.write(file(home), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static List<Envelope> readRoots(Path home) throws IOException {
        List<Envelope> roots = new ArrayList<>();
        for (int i = 0; i < ROOTS_MAX; i++) {
            Path file = rootDirectory(home).resolve(String.format(Locale.ROOT, "%04d", i));
            if (!Files.exists(file)) {
                break;
            }
            roots.add(Envelope.decode(DurableFile.read(file, Envelope.BYTES_MAX)));
        }
        return roots;
    }

    private static String need(Map<Object, Object> values, String key, Path home) throws BadConfiguration {
        if (values.get(key) instanceof String text) {
            return text;
        }
        throw new BadConfiguration(file(home) + ": expected a line " + key + " = ..., found none");
    }

    private static List<Address> addresses(String text) {
        return text.isBlank()
                ? List.of()
                : List.of(text.split(",", -1)).stream()
                        .map(String::strip)
                        .map(Address::parse)
                        .toList();
    }

    private static String join(List<Address> addresses) {
        return String.join(", ", addresses.stream().map(Address::toString).toList());
    }

    private static void line(StringBuilder out, String key, String value) {
        out.append(key).append(" = ").append(value).append('\n');
    }

    private static Path file(Path home) {
        return home.resolve("membership");
    }

    private static Path rootDirectory(Path home) {
        return home.resolve("documents").resolve("root");
    }
}
