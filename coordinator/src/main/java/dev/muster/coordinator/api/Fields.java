package dev.muster.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Names;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The fields of a JSON object that came in. One that is not asked for is a mistake: see [#end].
final class Fields {
    private final ObjectNode object;
    private final Set<String> asked = new HashSet<>();

    private Fields(ObjectNode object) {
        this.object = object;
    }

    static Fields parse(byte[] body) throws BadConfiguration {
        if (Json.read(body) instanceof ObjectNode object) {
            return new Fields(object);
        }
        throw new BadConfiguration("request: expected a JSON object, found something else");
    }

    String text(String name) throws BadConfiguration {
        return optionalText(name).orElseThrow(() -> expected(name, "text", "none"));
    }

    Optional<String> optionalText(String name) throws BadConfiguration {
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && !value.get().isTextual()) {
            throw expected(name, "text", value.get());
        }
        return value.map(JsonNode::textValue);
    }

    /// A number of 0 to `max`, or `otherwise`.
    long number(String name, long max, long otherwise) throws BadConfiguration {
        Optional<JsonNode> value = value(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        JsonNode number = value.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < 0
                || number.longValue() > max) {
            throw expected(name, "a number of 0 to " + max, number);
        }
        return number.longValue();
    }

    boolean flag(String name) throws BadConfiguration {
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw expected(name, "true or false", value.get());
        }
        return value.map(JsonNode::booleanValue).orElse(false);
    }

    /// An object of texts; empty if it is not there.
    SortedMap<String, String> texts(String name) throws BadConfiguration {
        SortedMap<String, String> texts = new TreeMap<>();
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && !value.get().isObject()) {
            throw expected(name, "an object of texts", value.get());
        }
        if (value.isPresent()) {
            for (Map.Entry<String, JsonNode> field : value.get().properties()) {
                if (!field.getValue().isTextual()) {
                    throw expected(name, "an object of texts", field.getValue());
                }
                texts.put(field.getKey(), field.getValue().textValue());
            }
        }
        return texts;
    }

    /// A list of texts; empty if it is not there.
    List<String> list(String name) throws BadConfiguration {
        List<String> texts = new ArrayList<>();
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && !value.get().isArray()) {
            throw expected(name, "a list of texts", value.get());
        }
        if (value.isPresent()) {
            for (JsonNode element : value.get()) {
                if (!element.isTextual()) {
                    throw expected(name, "a list of texts", element);
                }
                texts.add(element.textValue());
            }
        }
        return texts;
    }

    boolean has(String name) {
        return value(name).isPresent();
    }

    static byte[] base64(String what, String text) throws BadConfiguration {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new BadConfiguration("request: expected " + what + " in base64, found other text");
        }
    }

    /// Nothing may be there that was not asked for.
    void end() throws BadConfiguration {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!asked.contains(field.getKey())) {
                throw new BadConfiguration(
                        "request: expected only " + asked + ", found " + Names.printable(field.getKey(), 80));
            }
        }
    }

    private Optional<JsonNode> value(String name) {
        asked.add(name);
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }

    private static BadConfiguration expected(String name, String kind, Object found) {
        return new BadConfiguration(
                "request: expected " + name + " to be " + kind + ", found " + Names.printable(found.toString(), 80));
    }
}
