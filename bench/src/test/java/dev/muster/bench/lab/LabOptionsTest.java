package dev.muster.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LabOptionsTest {
    @Test
    void everyOptionIsRead() {
        LabOptions options = LabOptions.parse(List.of(
                ("--sites 3x6 --rate 200Mbit --wan 50Mbit --image 64MiB --warm 8MiB --with libtorrent,nginx "
                                + "--kill-gateway --kill 30% --late 20% --hostile 40% --set a=1 --set b=2 --runs 3 "
                                + "--slower --json f --logs d --directory /tmp")
                        .split(" ")));

        assertEquals(new LabOptions.Room(3, 6, 25_000_000, 6_250_000), options.room());
        assertEquals(new LabOptions.Image(64 << 20, 8 << 20), options.image());
        assertEquals(Set.of(LabOptions.Rival.LIBTORRENT, LabOptions.Rival.NGINX), options.rivals());
        assertEquals(new Disruption(0.4, true, 0.3, 0.2), options.disruption());
        assertEquals(List.of("a=1", "b=2"), options.settings());
        assertEquals(
                new LabOptions.Output(3, true, Optional.of(Path.of("f")), Optional.of(Path.of("d")), Path.of("/tmp")),
                options.output());
    }

    @Test
    void withoutSitesThereIsOne() {
        assertEquals(
                new LabOptions.Room(1, 17, 12_500_000, 6_250_000),
                LabOptions.parse(List.of("--hosts", "17")).room());
    }

    @Test
    void whatIsNoOptionIsRefused() {
        refused("--hosts");
        refused("--host", "3");
        refused("--sites", "3");
        refused("--sites", "3x6", "--hosts", "4");
        refused("--kill", "0.3");
        refused("--with", "bittorrent");
    }

    private static void refused(String... args) {
        assertThrows(IllegalArgumentException.class, () -> LabOptions.parse(List.of(args)));
    }
}
