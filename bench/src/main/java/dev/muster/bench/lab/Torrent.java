package dev.muster.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// BitTorrent: a tracker beside the coordinator, the source seeding, a client on each receiver that goes on
/// uploading when it has all.
final class Torrent implements Contender {
    private static final String SCRIPT = "torrent.py";
    private static final int TRACKER_PORT = 6969;

    /// That of Debian, which is where python3-libtorrent is.
    private static final String PYTHON = "/usr/bin/python3";

    /// How long the source gets to check what it has and to announce itself.
    private static final long SEED_MILLIS = 3000;

    private final Testbed testbed;
    private final Client client;
    private Path image = Path.of("");
    private Path torrent = Path.of("");
    private Path script = Path.of("");

    /// Which program speaks it.
    enum Client {
        LIBTORRENT,
        ARIA2
    }

    Torrent(Testbed testbed, Client client) {
        this.testbed = testbed;
        this.client = client;
    }

    /// Whether `import libtorrent` works here.
    static boolean hasLibtorrent() throws InterruptedException {
        try {
            String _ = Command.run(PYTHON, "-c", "import libtorrent");
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public String name() {
        return switch (client) {
            case LIBTORRENT -> "libtorrent";
            case ARIA2 -> "aria2";
        };
    }

    @Override
    public void prepare(Path image) throws IOException, InterruptedException {
        this.image = image;
        script = testbed.directory().resolve(SCRIPT);
        try (InputStream in = Torrent.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException(SCRIPT + " is not on the class path");
            }
            Files.write(script, in.readAllBytes());
        }
        Node coordinator = testbed.topology().coordinator();
        torrent = testbed.directory().resolve("image.torrent");
        String tracker = "http://" + coordinator.address() + ":" + TRACKER_PORT + "/announce";
        String _ = Command.run(PYTHON, script.toString(), "make", image.toString(), tracker, torrent.toString());
        Process _ = testbed.start(
                coordinator,
                testbed.directory().resolve("tracker.out"),
                Map.of(),
                List.of(PYTHON, script.toString(), "tracker", coordinator.address(), Integer.toString(TRACKER_PORT)));
        Thread.sleep(SEED_MILLIS / 3);
        startClient(testbed.topology().source(), image.getParent());
        Thread.sleep(SEED_MILLIS);
    }

    @Override
    public Arrivals deliver() throws IOException, InterruptedException {
        double began = System.currentTimeMillis();
        List<Path> copies = new ArrayList<>();
        List<Path> marks = new ArrayList<>();
        for (Node host : testbed.topology().receivers()) {
            Path directory = testbed.directory(host);
            startClient(host, directory);
            copies.add(directory.resolve(String.valueOf(image.getFileName())));
            marks.add(mark(host));
        }
        return Processes.arrivals(began, Processes.made(marks, name()), image, copies);
    }

    private Path mark(Node host) {
        return testbed.directory(host).resolve("done");
    }

    private void startClient(Node host, Path directory) throws IOException {
        boolean source = host.equals(testbed.topology().source());
        List<String> command = switch (client) {
            case LIBTORRENT ->
                List.of(
                        PYTHON,
                        script.toString(),
                        "client",
                        host.address(),
                        torrent.toString(),
                        directory.toString(),
                        mark(host).toString());
            case ARIA2 -> aria2(host, directory, source);
        };
        Process _ = testbed.start(host, testbed.directory(host).resolve("client.out"), Map.of(), command);
    }

    private List<String> aria2(Node host, Path directory, boolean source) throws IOException {
        Path hook = Files.writeString(
                testbed.directory(host).resolve("hook"), "#!/bin/sh\ntouch '" + mark(host) + "'\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        return List.of(
                "aria2c",
                "--no-conf",
                "--quiet",
                "--dir=" + directory,
                "--seed-ratio=0.0",
                "--enable-dht=false",
                "--enable-dht6=false",
                "--enable-peer-exchange=true",
                "--file-allocation=none",
                "--bt-seed-unverified=" + source,
                "--on-bt-download-complete=" + hook,
                torrent.toString());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        testbed.clear();
    }
}
