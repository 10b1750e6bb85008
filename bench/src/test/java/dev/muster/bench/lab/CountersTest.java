package dev.muster.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CountersTest {
    @Test
    void eachLinkHasWhatItSentAndReceived() throws IOException {
        Counters counters = Counters.parse("""
                [{"ifindex":1,"ifname":"lo","stats64":{"rx":{"bytes":1,"packets":1},"tx":{"bytes":2,"packets":1}}},
                 {"ifindex":2,"ifname":"wan1",
                  "stats64":{"rx":{"bytes":300,"packets":3},"tx":{"bytes":4000,"packets":4}}}]
                """);

        assertEquals(new Counters.Moved(4000, 300), counters.link("wan1"));
        assertEquals(
                new Counters.Moved(1000, 200), counters.link("wan1").since(new Counters.Moved(3000, 100)));
        assertEquals(new Counters.Moved(0, 0), counters.link("wan2"));
    }

    @Test
    void whatIsNoJsonIsAFailure() {
        assertThrows(IOException.class, () -> Counters.parse("Cannot open network namespace"));
    }
}
