package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One server for all: nginx on the source, `curl` on each receiver.
final class Nginx implements Contender {
    private static final int PORT = 8080;
    private static final String CONFIGURATION = """
            daemon off;
            master_process off;
            pid %1$s/nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                sendfile on;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                server { listen %2$s:%3$d; location / { root %4$s; } }
            }
            """;

    private final Testbed testbed;
    private Path image = Path.of("");

    Nginx(Testbed testbed) {
        this.testbed = testbed;
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public void prepare(Path image) throws IOException {
        this.image = image;
        Node source = testbed.topology().source();
        Path home = testbed.directory(source);
        Path configuration = Files.writeString(
                home.resolve("nginx.conf"), CONFIGURATION.formatted(home, source.address(), PORT, image.getParent()));
        Process _ = testbed.start(
                source, home.resolve("nginx.out"), Map.of(), List.of("nginx", "-c", configuration.toString(), "-e", "stderr"));
    }

    @Override
    public Arrivals deliver() throws IOException, InterruptedException {
        String url = "http://" + testbed.topology().source().address() + ":" + PORT + "/" + image.getFileName();
        double began = System.currentTimeMillis();
        List<Process> clients = new ArrayList<>();
        List<Path> copies = new ArrayList<>();
        for (Node host : testbed.topology().receivers()) {
            Path copy = testbed.directory(host).resolve("copy.raw");
            copies.add(copy);
            List<String> command =
                    List.of("curl", "-sS", "--fail", "--retry", "3", "--retry-connrefused", "-o", copy.toString(), url);
            clients.add(testbed.start(host, testbed.directory(host).resolve("curl.out"), Map.of(), command));
        }
        return Processes.arrivals(began, Processes.ends(clients, "curl"), image, copies);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        testbed.clear();
    }
}
