package dev.muster.ops.ceremony;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Wave;
import dev.muster.protocol.trust.key.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A pin that is signed with no coordinator, by a director that is kept offline.
///
/// @param group `all`, or labels: `rack=a,site=paris`
/// @param image what an agent says of the release
/// @param directors what an agent says of each director's newest pin
public record RecoveryPin(String group, int priority, JsonNode image, JsonNode directors) {
    private static final Duration LIFE = Duration.ofDays(30);

    /// @param keys the first of them counts
    /// @param now epoch milliseconds
    public Paper sign(List<SigningKey> keys, long now) throws BadConfiguration {
        SigningKey key = keys.getFirst();
        if (!image.has("release")) {
            throw new BadConfiguration("pin: expected a signed release, found "
                    + image.path("name").asText() + ", which is none that this host knows");
        }
        long highest = 0;
        for (JsonNode director : directors) {
            highest = Math.max(highest, director.path("number").asLong());
        }
        if (highest == Long.MAX_VALUE) {
            throw new BadConfiguration("pin: expected a number that no director has used, found that one has signed the"
                    + " highest: drop its key from the root first, see: muster keys rotate director");
        }
        JsonNode own = directors.path(key.id().toString());
        Hash previous = own.has("pin") ? Hash.parse(own.path("pin").asText()) : Pin.Sequence.NONE;
        try {
            Pin pin = new Pin(
                    Release.Name.parse(image.path("name").asText()).name(),
                    scope(),
                    new Order.Run(Hash.parse(image.path("release").asText())),
                    Wave.all(),
                    new Pin.Sequence(key.id(), Math.max(highest + 1, now / 1000), previous),
                    new Pin.Terms(priority, 0, true, new Pin.Times(now, 0, 0, now + LIFE.toMillis())));
            return new Paper(pin.sign(keys));
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration("pin: " + e.getMessage());
        }
    }

    private Scope scope() throws BadConfiguration {
        if (group.equals("all")) {
            return Scope.all();
        }
        SortedMap<String, String> labels = new TreeMap<>();
        for (String label : group.split(",", -1)) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new BadConfiguration("pin: expected all or labels such as rack=a, as no coordinator says what a "
                        + "group is, found " + group);
            }
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return new Scope.Match(labels);
    }
}
