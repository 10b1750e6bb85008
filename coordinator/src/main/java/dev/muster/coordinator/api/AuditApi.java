package dev.muster.coordinator.api;

import dev.muster.coordinator.history.AuditLog;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.net.AuditEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes down what people order, before and after it is done, and shows it.
final class AuditApi {
    private static final int BODY_SHOWN_MAX = 400;

    private final AuditLog log;

    AuditApi(AuditLog log) {
        this.log = log;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/v1/audit", Access.VIEWER, this::entries));
    }

    private Answer entries(Ask ask) throws IOException {
        return Answer.bytes(AuditEntry.encodePage(log.after(ask.number("after", Long.MAX_VALUE))));
    }

    /// The same, but what people order by it is written down. What cannot be written down is not done.
    Endpoint watched(Endpoint endpoint) {
        boolean order = endpoint.method() != Endpoint.Method.GET
                && (endpoint.access() == Access.OPERATOR || endpoint.access() == Access.ADMIN);
        return order ? endpoint.with(ask -> answer(endpoint, ask)) : endpoint;
    }

    private Answer answer(Endpoint endpoint, Ask ask) throws IOException, InterruptedException {
        String who = ask.caller().subject().toString();
        String what = endpoint.method() + " " + ask.path(endpoint.path()) + " " + shown(ask.body());
        log.append(who, what, "begun");
        try {
            Answer answer = endpoint.call().answer(ask);
            log.append(who, what, "done");
            return answer;
        } catch (MusterException e) {
            String kind = e instanceof Refused refused
                    ? refused.reason().toString()
                    : e.getClass().getSimpleName();
            log.append(who, what, kind + ": " + e.getMessage());
            throw e;
        }
    }

    /// Bodies are JSON; of a document in base64 its beginning is enough, and its hash stands in the fleet.
    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.substring(0, Math.min(text.length(), BODY_SHOWN_MAX));
    }
}
