package dev.muster.protocol.trust.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.trust.key.Subject.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TlsTest {
    private final Validity day = Validity.from(Instant.now(), Duration.ofHours(24));

    private final FleetCa root = FleetCa.createRoot("lab", day);
    private final FleetCa ca = root.createIntermediate("lab", "c1", day);
    private final FleetTrust trust =
            new FleetTrust("lab", root.rootHash(), EnumSet.allOf(Role.class), InstantSource.system());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void bothEndsLearnWhoTheOtherIs() throws Exception {
        TlsKeys server = new TlsKeys(identity(Role.COORDINATOR, "c1"));
        TlsKeys client = new TlsKeys(identity(Role.HOST, "h1"));
        SSLContext serverContext = Tls.context(server, trust);
        SSLContext clientContext = Tls.context(client, trust);

        Met met = meet(serverContext, clientContext);

        assertEquals("muster://lab/host/h1", peer(met.server));
        assertEquals("muster://lab/coordinator/c1", peer(met.client));
        assertEquals("TLSv1.3", met.client.getProtocol());
    }

    @Test
    void aRenewedIdentityIsShownToTheNextWithoutARestart() throws Exception {
        TlsKeys server = new TlsKeys(identity(Role.COORDINATOR, "c1"));
        SSLContext serverContext = Tls.context(server, trust);
        SSLContext clientContext = Tls.context(new TlsKeys(identity(Role.HOST, "h1")), trust);
        meet(serverContext, clientContext);

        server.renew(identity(Role.COORDINATOR, "c2"));
        clientContext = Tls.context(new TlsKeys(identity(Role.HOST, "h1")), trust);

        assertEquals("muster://lab/coordinator/c2", peer(meet(serverContext, clientContext).client));
    }

    @Test
    void aStrangerIsRefused() throws Exception {
        FleetCa other = FleetCa.createRoot("lab", day).createIntermediate("lab", "c1", day);
        SSLContext server = Tls.context(new TlsKeys(identity(Role.COORDINATOR, "c1")), trust);
        SSLContext stranger = Tls.context(
                new TlsKeys(other.issueIdentity(new Subject("lab", Role.HOST, "h1"), Set.of(), day)), trust);
        SSLContext nobody = Tls.context(TlsKeys.none(), trust);

        assertThrows(IOException.class, () -> meet(server, stranger));
        assertThrows(IOException.class, () -> meet(server, nobody));
    }

    private record Met(SSLSession server, SSLSession client) {}

    private Met meet(SSLContext server, SSLContext client) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSSLParameters(Tls.parameters());
            listener.setNeedClientAuth(true);
            Future<SSLSession> accepted = threads.submit((Callable<SSLSession>) () -> accept(listener));
            try (SSLSocket socket = (SSLSocket)
                    client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                socket.setSSLParameters(Tls.parameters());
                socket.startHandshake();
                // In TLS 1.3 a client learns only by reading that its certificate was refused.
                if (socket.getInputStream().read() != 1) {
                    throw new SSLException("closed");
                }
                return new Met(accepted.get(), socket.getSession());
            }
        }
    }

    private static SSLSession accept(SSLServerSocket listener) throws IOException {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            socket.startHandshake();
            socket.getOutputStream().write(1);
            socket.getOutputStream().flush();
            return socket.getSession();
        }
    }

    private static String peer(SSLSession session) throws Exception {
        return Subject.of((X509Certificate) session.getPeerCertificates()[0]).toString();
    }

    private TlsIdentity identity(Role role, String id) throws IOException {
        return ca.issueIdentity(new Subject("lab", role, id), Set.of(), day);
    }
}
