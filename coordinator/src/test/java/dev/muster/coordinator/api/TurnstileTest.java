package dev.muster.coordinator.api;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TurnstileTest {
    private static final Endpoint POLL = Endpoint.poll("/v1/documents", Access.MEMBER, ask -> Answer.text(""));
    private static final Endpoint GET = Endpoint.get("/v1/releases/:ref", Access.MEMBER, ask -> Answer.text(""));

    private final SigningKey key = SigningKey.generate(SigningKey.TLS);

    @Test
    void hostsThatWaitOrAskKeepNoOperatorOut() throws IOException {
        Turnstile turnstile = new Turnstile(1, 1, 1);
        turnstile.enter(POLL, caller(Subject.Role.HOST));
        turnstile.enter(GET, Optional.empty());

        assertThrows(Unreachable.class, () -> turnstile.enter(POLL, caller(Subject.Role.HOST)));
        assertThrows(Unreachable.class, () -> turnstile.enter(GET, caller(Subject.Role.HOST)));

        turnstile.enter(GET, caller(Subject.Role.OPERATOR)).release();
        turnstile.enter(GET, caller(Subject.Role.OPERATOR));
        assertThrows(Unreachable.class, () -> turnstile.enter(GET, caller(Subject.Role.OPERATOR)));
    }

    private Optional<Caller> caller(Subject.Role role) {
        return Optional.of(new Caller(new Subject("lab", role, "x"), key.verifyKey()));
    }
}
