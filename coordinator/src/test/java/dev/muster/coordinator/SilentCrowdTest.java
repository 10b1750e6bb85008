package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that say nothing, or half of something.
final class SilentCrowdTest {
    private static final int CROWD = 200;
    private static final int PER_ADDRESS_MAX = 128;
    private static final byte[] HALF_A_RECORD = {22, 3, 1, 1, 0, 1};

    @Test
    void ofOneAddressOnlySomeWaitAndTheOthersAreServed(@TempDir Path directory) throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try (RunningCoordinator coordinator = RunningCoordinator.start(directory)) {
            for (int i = 0; i < CROWD; i++) {
                crowd.add(connect(coordinator.address().port(), i % 2 == 0));
            }

            Eventually.eventually("the rest is turned away", () -> open(crowd) <= PER_ADDRESS_MAX);
            assertTrue(open(crowd) > 0, "some are waited for");
            assertTrue(coordinator.token().startsWith("mt-"), "an operator at another address is served");

            for (Socket socket : crowd) {
                socket.close();
            }
            Eventually.eventually(
                    "there is room again",
                    () -> isWaitedFor(coordinator.address().port()));
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    private static Socket connect(int port, boolean speaks) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(1);
        if (speaks) {
            write(socket);
        }
        return socket;
    }

    private static void write(Socket socket) {
        try {
            socket.getOutputStream().write(HALF_A_RECORD);
        } catch (IOException _) {
            // It was turned away already.
        }
    }

    private static boolean isWaitedFor(int port) {
        try (Socket socket = connect(port, false)) {
            return isOpen(socket);
        } catch (IOException _) {
            return false;
        }
    }

    private static long open(List<Socket> crowd) {
        return crowd.stream().filter(SilentCrowdTest::isOpen).count();
    }

    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
