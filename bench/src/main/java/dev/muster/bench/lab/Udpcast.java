package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Multicast with acknowledgements: one `udp-sender`, a `udp-receiver` on each receiver.
final class Udpcast implements Contender {
    /// Part of the rate that it is told to send at: what it loses beyond that it sends again.
    private static final double SHARE = 0.95;

    private final Testbed testbed;
    private final List<Process> receivers = new ArrayList<>();
    private final List<Path> copies = new ArrayList<>();
    private Path image = Path.of("");

    Udpcast(Testbed testbed) {
        this.testbed = testbed;
    }

    @Override
    public String name() {
        return "udpcast";
    }

    @Override
    public void prepare(Path image) throws IOException {
        this.image = image;
        for (Node host : testbed.topology().receivers()) {
            Path copy = testbed.directory(host).resolve("copy.raw");
            copies.add(copy);
            List<String> command = List.of(
                    "udp-receiver", "--nokbd", "--nosync", "--interface", "eth0", "--file", copy.toString());
            receivers.add(testbed.start(host, testbed.directory(host).resolve("udp.out"), Map.of(), command));
        }
    }

    @Override
    public Arrivals deliver() throws IOException, InterruptedException {
        Node source = testbed.topology().source();
        String rate = (long) (testbed.topology().rate() * Byte.SIZE * SHARE / 1000) + "k";
        double began = System.currentTimeMillis();
        Process _ = testbed.start(
                source,
                testbed.directory(source).resolve("udp.out"),
                Map.of(),
                List.of(
                        "udp-sender",
                        "--nokbd",
                        "--full-duplex",
                        "--interface",
                        "eth0",
                        "--min-receivers",
                        Integer.toString(receivers.size()),
                        "--max-bitrate",
                        rate,
                        "--file",
                        image.toString()));
        return Processes.arrivals(began, Processes.ends(receivers, "udp-receiver"), image, copies);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        testbed.clear();
    }
}
