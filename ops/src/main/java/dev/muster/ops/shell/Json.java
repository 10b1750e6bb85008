package dev.muster.ops.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.protocol.MusterException.Corrupt;

/// JSON in and out.
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// A tree of maps, lists and simple values.
    public static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    /// @param what it is, for the message
    public static JsonNode parse(String what, String text) throws Corrupt {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new Corrupt(what + ": expected JSON, found something else: " + e.getOriginalMessage(), e);
        }
    }
}
