package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.IOException;

/// Failures as JSON and back, so that the command line exits as if it had met them itself.
final class Failures {
    private Failures() {}

    static ObjectNode toJson(IOException failure) {
        ObjectNode error = Wire.JSON.createObjectNode();
        String kind = switch (failure) {
            case MusterException known ->
                switch (known) {
                    case BadConfiguration _ -> "configuration";
                    case Unknown _ -> "unknown";
                    case Refused refused -> {
                        error.put("reason", refused.reason().name());
                        yield "refused";
                    }
                    case Corrupt _ -> "corrupt";
                    case Unreachable _ -> "unreachable";
                    case TargetRefused _ -> "target";
                    case StoreRefused _ -> "store";
                };
            default -> "io";
        };
        error.put("kind", kind).put("message", String.valueOf(failure.getMessage()));
        ObjectNode message = Wire.JSON.createObjectNode();
        message.set("error", error);
        return message;
    }

    static IOException fromJson(JsonNode error) {
        String message = error.path("message").asText();
        return switch (error.path("kind").asText()) {
            case "configuration" -> new BadConfiguration(message);
            case "unknown" -> new Unknown(message);
            case "refused" -> new Refused(Reason.valueOf(error.path("reason").asText("MALFORMED")), message);
            case "corrupt" -> new Corrupt(message);
            case "unreachable" -> new Unreachable(message);
            case "target" -> new TargetRefused(message);
            case "store" -> new StoreRefused(message);
            default -> new IOException(message);
        };
    }
}
