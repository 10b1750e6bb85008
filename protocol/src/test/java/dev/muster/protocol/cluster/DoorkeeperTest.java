package dev.muster.protocol.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Subject.Role;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    private static final Subject A = new Subject("test", Role.HOST, "a");
    private static final Subject B = new Subject("test", Role.HOST, "b");

    private final Set<Subject> revoked = new HashSet<>();
    private final Doorkeeper door = new Doorkeeper(revoked::contains);
    private final List<String> closed = new ArrayList<>();

    @Test
    void onePeerHasOnlySoManyConnections() throws Exception {
        List<Doorkeeper.Visit> visits = new ArrayList<>();
        for (int i = 0; i < Doorkeeper.CONNECTIONS_PER_PEER_MAX; i++) {
            visits.add(visit("a" + i));
            door.enter(A, visits.getLast());
        }
        assertThrows(CertificateException.class, () -> door.enter(A, visit("one more")));
        door.enter(B, visit("b"));

        visits.forEach(visit -> door.leave(A, visit));
        assertEquals(1, door.inside());
        door.enter(A, visit("again"));
    }

    @Test
    void theRevokedAreSentAwayAndNotLetIn() throws Exception {
        door.enter(A, visit("a"));
        door.enter(B, visit("b"));
        revoked.add(A);

        door.sendAwayRevoked();

        assertEquals(List.of("a"), closed);
        assertThrows(CertificateException.class, () -> door.enter(A, visit("again")));
    }

    private Doorkeeper.Visit visit(String name) {
        return _ -> closed.add(name);
    }
}
