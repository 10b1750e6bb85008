package dev.muster.bench.lab;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Bytes that links have moved since they were made, with all headers.
///
/// @param byLink by the name of the interface
record Counters(Map<String, Moved> byLink) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Counters {
        byLink = Map.copyOf(byLink);
    }

    /// As the interface sees it.
    record Moved(long sent, long received) {
        Moved since(Moved before) {
            return new Moved(sent - before.sent, received - before.received);
        }
    }

    /// Of all links of a namespace, now.
    static Counters of(String namespace) throws IOException, InterruptedException {
        return parse(Command.run("ip", "-j", "-s", "-n", namespace, "link", "show"));
    }

    /// @param text what `ip -j -s link show` prints
    static Counters parse(String text) throws IOException {
        Map<String, Moved> links = new HashMap<>();
        try {
            for (JsonNode link : JSON.readTree(text)) {
                JsonNode moved = link.path("stats64");
                links.put(
                        link.path("ifname").asText(),
                        new Moved(
                                moved.path("tx").path("bytes").asLong(),
                                moved.path("rx").path("bytes").asLong()));
            }
        } catch (JacksonException e) {
            throw new IOException("ip -j -s link show: expected JSON, found something else: " + e.getMessage(), e);
        }
        return new Counters(links);
    }

    Moved link(String name) {
        return byLink.getOrDefault(name, new Moved(0, 0));
    }
}
