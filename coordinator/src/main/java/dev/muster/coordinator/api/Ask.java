package dev.muster.coordinator.api;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Names;
import java.util.Map;
import java.util.Optional;

/// One request, read whole.
final class Ask {
    private final Optional<Caller> caller;
    private final Map<String, String> parameters;
    private final byte[] body;

    /// @param parameters of the path and of the query
    Ask(Optional<Caller> caller, Map<String, String> parameters, byte[] body) {
        this.caller = caller;
        this.parameters = parameters;
        this.body = body;
    }

    Caller caller() throws Refused {
        return caller.orElseThrow(
                () -> new Refused(Reason.NOT_ALLOWED, "expected the certificate of a member, found none"));
    }

    String text(String name) throws BadConfiguration {
        String value = parameters.get(name);
        if (value == null) {
            throw new BadConfiguration("request: expected the parameter " + name + ", found none");
        }
        return value;
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /// A number of 0 to `max`; 0 if it is not there.
    long number(String name, long max) throws BadConfiguration {
        String value = parameters.getOrDefault(name, "0");
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new BadConfiguration(
                "request: expected " + name + " of 0 to " + max + ", found " + Names.printable(value, 40));
    }

    /// The path of an endpoint with the parameters that came: `/v1/hosts/h1` for `/v1/hosts/:id`.
    String path(String pattern) {
        String path = pattern;
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            path = path.replace(":" + parameter.getKey(), parameter.getValue());
        }
        return path;
    }

    Hash hash(String name) throws BadConfiguration {
        try {
            return Hash.parse(text(name));
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration("request: " + e.getMessage());
        }
    }

    byte[] body() {
        return body;
    }

    /// The body as a JSON object.
    Fields fields() throws BadConfiguration {
        return Fields.parse(body);
    }
}
